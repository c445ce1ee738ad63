/// Guesses the shared secret of a token, without a request.
enum SecretGuess {
  /// Secrets that tutorials use and people keep.
  private static let common = [
    "secret", "password", "changeme", "123456", "12345678", "secret123", "jwtsecret", "jwt_secret",
    "your-256-bit-secret", "qwerty", "supersecret", "key", "secretkey", "secret_key", "mysecret",
    "my-secret", "test", "admin", "token", "private", "default", "random", "super-secret",
    "supersecretkey", "password123", "letmein", "s3cr3t", "dev", "development", "jwt", "jwtkey",
    "crapi", "shhhhh", "keyboard cat", "your_secret_key", "secret-key", "my_secret_key", "example",
    "app_secret", "api_secret", "changeit", "root", "1234", "12345", "123456789", "foobar", "node",
    "django-insecure", "flask", "gateway", "topsecret", "SECRET_KEY", "SECRET", "hello", "none",
    "super_secret", "super_secret_key", "supersecret123", "mysecretkey", "my-secret-key", "abc123",
    "passw0rd", "P@ssw0rd", "your-secret-key", "your_jwt_secret", "yoursecret", "your-secret",
    "jwt-secret", "jwtSecret", "JWT_SECRET", "jwt_secret_key", "jwt-secret-key", "access", "auth",
    "authsecret", "tokensecret", "secretToken", "verysecret", "very-secret", "veryverysecret",
    "notasecret", "not-a-secret", "thisisasecret", "this-is-a-secret", "this is a secret",
    "thisismysecret", "secret1", "secret!", "secretpassword", "hmac", "sign", "signature", "hs256",
    "HS256", "api", "app", "web", "server", "production", "prod", "staging", "local", "demo",
    "sample", "foo", "bar", "baz", "qwerty123", "111111", "000000", "iloveyou", "welcome", "monkey",
    "dragon", "master", "ninja", "sunshine", "princess", "football", "superman", "batman",
    "trustno1", "security", "insecure", "vulnerable", "dvws", "vampi", "juice", "pixi",
    "access123", "mypassword", "pass", "pass123", "user", "guest", "temp", "oauth", "django",
    "express", "laravel", "spring", "rails", "sinatra", "fastapi", "nodejs", "python", "golang",
    "0123456789", "1234567890", "a", "x", "secure", "hush", "shh", "opensesame", "swordfish",
  ]

  /// The most digits of which all numbers are tried.
  private static let digitsMax = 6

  /// The secret that signs a token; nil if it is none that can be guessed in about a second.
  static func secret(of token: Token, isQuick: Bool) -> String? {
    if let word = common.first(where: { token.isSigned(with: $0) }) { return word }
    if isQuick { return nil }
    var limit = 1
    for digits in 1...digitsMax {
      limit *= 10
      for number in 0..<limit {
        let text = String(number)
        let padded = String(repeating: "0", count: digits - text.utf8.count) + text
        if token.isSigned(with: padded) { return padded }
      }
    }
    return nil
  }
}
