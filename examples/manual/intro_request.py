from restkit import request

r = request("http://friendpaste.com/1ZSEoJeOarc3ULexzWOk5Y_633433316631/raw")
# manual: r.body_string()
print(r.body_string())
# manual: r.headers
print(r.headers)
