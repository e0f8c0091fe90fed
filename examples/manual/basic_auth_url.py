# not in the manual
from restkit import Resource

# the manual
r = Resource("http://username:password@friendpaste.com")

# not in the manual
print(r, r.get("echo").json()["fields"]["AUTHORIZATION"])
