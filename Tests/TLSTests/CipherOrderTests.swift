import Base
import COpenSSL
import Crypto
import Testing

@testable import TLS

/// Which of the ciphers that both sides know is taken.
@Suite struct CipherOrderTests {
  @Test(arguments: [
    ("TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256"),
    ("TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_256_GCM_SHA384"),
    ("TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"),
  ])
  func `The order is the server's, but for clients that put ChaCha20 first`(
    offer: String, chosen: String
  ) throws {
    let fixture = try Fixture()
    let client = try fixture.client()
    // Safety: the context is valid, and no session of it exists yet.
    #expect(unsafe SSL_CTX_set_ciphersuites(client.handle.pointer, offer) == 1)
    var duet = try Duet(client, fixture.server())
    duet.run()
    #expect(duet.isDone)
    #expect(duet.server.cipher.name.description == chosen)
  }
}
