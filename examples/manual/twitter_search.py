from restkit import Resource

try:
    import simplejson as json

except ImportError:
    import json  # py2.6 only


class TwitterSearch(Resource):
    def __init__(self, **kwargs):
        search_url = "http://search.twitter.com"
        super().__init__(search_url, follow_redirect=True, max_follow_redirect=10, **kwargs)

    def search(self, query):
        return self.get("search.json", q=query)

    def request(self, *args, **kwargs):
        resp = super().request(*args, **kwargs)
        return json.loads(resp.body_string())


if __name__ == "__main__":
    s = TwitterSearch()
    print(s.search("gunicorn"))
