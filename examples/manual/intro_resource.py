from restkit import Resource

res = Resource("http://friendpaste.com")
r = res.get("/1ZSEoJeOarc3ULexzWOk5Y_633433316631/raw")
# manual: r.body_string()
print(r.body_string())
