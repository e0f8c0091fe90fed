"""The manual's "Three-legged OAuth Example" (2.4.2) in Python 3's spelling; what it asks its user to edit comes by argument."""

import sys
import urllib.parse as urlparse

import restkit.util.oauth2 as oauth
from restkit import request
from restkit.filters import OAuthFilter

consumer_key, consumer_secret, request_token_url, access_token_url, authorize_url = sys.argv[1:]

consumer = oauth.Consumer(consumer_key, consumer_secret)

auth = OAuthFilter("*", consumer)

# Step 1: Get a request token.

resp = request(request_token_url, filters=[auth])
if resp.status_int != 200:
    raise Exception(f"Invalid response {resp.status_int}.")

request_token = dict(urlparse.parse_qsl(resp.body_string(charset="utf-8")))

print("Request Token:")
print(f"    - oauth_token        = {request_token['oauth_token']}")
print(f"    - oauth_token_secret = {request_token['oauth_token_secret']}")
print()

# Step 2: Redirect to the provider.

print("Go to the following link in your browser:")
print(f"{authorize_url}?oauth_token={request_token['oauth_token']}")
print(flush=True)

accepted = "n"
while accepted.lower() == "n":
    accepted = input("Have you authorized me? (y/n) ")
oauth_verifier = input("What is the PIN? ")

# Step 3: Request the access token that the user has approved.

token = oauth.Token(request_token["oauth_token"], request_token["oauth_token_secret"])
token.set_verifier(oauth_verifier)

auth = OAuthFilter("*", consumer, token)

resp = request(access_token_url, "POST", filters=[auth])
access_token = dict(urlparse.parse_qsl(resp.body_string(charset="utf-8")))

print("Access Token:")
print(f"    - oauth_token        = {access_token['oauth_token']}")
print(f"    - oauth_token_secret = {access_token['oauth_token_secret']}")
print()
print("You may now access protected resources using the access tokens above.")
print()
