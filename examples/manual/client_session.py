from restkit import *

c = Client()
r = c.request("http://google.com")
# manual: r.status
print(r.status)
# manual: r.body_string()
print(r.body_string())
c.follow_redirect = True
r = c.request("http://google.com")
# manual: r.status
print(r.status)
