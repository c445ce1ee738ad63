"""A client that somebody else wrote (Authlib) through the whole of its flows with the provider.

    authlib_client.py ISSUER API-URL CLIENT SECRET USER PASSWORD

Authlib makes requests and proof keys, redeems, refreshes and revokes, and checks the ID token by
the published keys; what a browser does is done by requests. Ends with 0 if all of it went well.
"""

import re
import sys

import requests
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

issuer, api, client_id, secret, user, password = sys.argv[1:]
callback = "https://app.example.com/callback"
metadata = requests.get(issuer + "/.well-known/openid-configuration").json()
assert metadata["issuer"] == issuer
keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"]).json())


def hidden(name, text):
    return re.search('name="%s" value="([^"]*)"' % name, text).group(1)


def browse(url):
    """Signs in as the user, and returns where the browser is sent to in the end."""
    # The cookies are for TLS alone; a browser takes this machine for as good, requests does not.
    jar = {}

    def send(method, target, data=None):
        fields = {"Cookie": "; ".join("%s=%s" % pair for pair in jar.items())}
        answer = requests.request(method, target, data=data, headers=fields, allow_redirects=False)
        for cookie in answer.raw.headers.getlist("Set-Cookie"):
            name, value = cookie.split(";")[0].split("=", 1)
            jar[name] = value
        return answer

    answer = send("GET", url)
    page = send("GET", answer.headers["Location"])
    form = {"request": hidden("request", page.text), "name": user, "password": password}
    return send("POST", issuer + "/sign-in", form).headers["Location"]


session = OAuth2Session(
    client_id,
    secret,
    scope="openid profile orders:read",
    redirect_uri=callback,
    code_challenge_method="S256",
    token_endpoint_auth_method="client_secret_basic",
)
verifier = "a-verifier-that-the-client-made-0123456789abcdef"
url, state = session.create_authorization_url(
    metadata["authorization_endpoint"], code_verifier=verifier, nonce="n1"
)
answer = browse(url)
assert answer.startswith(callback), answer
token = session.fetch_token(
    metadata["token_endpoint"], authorization_response=answer, code_verifier=verifier, state=state
)
claims = jwt.decode(token["id_token"], keys, algorithms=["RS256"]).claims
assert claims["iss"] == issuer and claims["aud"] == client_id and claims["nonce"] == "n1"
assert session.get(api).status_code == 200
info = session.get(metadata["userinfo_endpoint"]).json()
assert info["sub"] == claims["sub"] and info["name"]
access = jwt.decode(token["access_token"], keys, algorithms=["ES256"])
assert access.header["typ"] == "at+jwt"

first = token["refresh_token"]
fresh = session.refresh_token(metadata["token_endpoint"])
assert fresh["refresh_token"] != first
assert session.get(api).status_code == 200
shown = session.introspect_token(metadata["introspection_endpoint"], token=fresh["access_token"])
assert shown.json()["active"]
session.revoke_token(metadata["revocation_endpoint"], token=fresh["refresh_token"])
shown = session.introspect_token(metadata["introspection_endpoint"], token=fresh["access_token"])
assert shown.json() == {"active": False}

batch = OAuth2Session("batch", secret, scope="orders:read")
token = batch.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
assert batch.get(api).status_code == 200
print("all well")
