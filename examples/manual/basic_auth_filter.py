from restkit import Resource, BasicAuth

auth = BasicAuth("username", "password")
r = Resource("http://friendpaste.com", filters=[auth])

# not in the manual
print(r.get("echo").json()["fields"]["AUTHORIZATION"])
