# not in the manual
import restkit.oauth2 as oauth
from twitter_search import TwitterSearch

# the manual
# Create your consumer with the proper key/secret.
consumer = oauth.Consumer(key="your-twitter-consumer-key", secret="your-twitter-consumer-secret")

# Create our filter.
# manual: client = oauth.OAuthfilter('*', consumer)
client = oauth.OAuthFilter("*", consumer)

s = TwitterSearch(filters=[client])

# not in the manual
print(s.search("gunicorn"))
