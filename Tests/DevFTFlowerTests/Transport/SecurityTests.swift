import Foundation
import Testing

@testable import DevFTFlower

@Suite("The way to a federation")
struct SecurityTests {
  @Test(
    "plain HTTP only to this machine, unless it is allowed",
    arguments: [
      ("127.0.0.1:8000", "http://127.0.0.1:8000"), ("localhost", "http://localhost"),
      ("http://[::1]:9", "http://[::1]:9"), ("server.example:8000", "https://server.example:8000"),
      ("https://10.0.0.1/", "https://10.0.0.1"),
    ]
  )
  func standard(address: String, url: String) throws {
    #expect(try TransportSecurity().url(of: address) == url)
  }

  @Test("with an authority's certificates it is TLS even here")
  func authority() throws {
    let security = TransportSecurity(authorityFile: "ca.crt")
    #expect(try security.url(of: "127.0.0.1:8000") == "https://127.0.0.1:8000")
  }

  @Test("plain HTTP to another machine is refused, and allowed on demand")
  func insecure() throws {
    #expect(throws: FlowerError.self) { try TransportSecurity().url(of: "http://10.0.0.1:8000") }
    let security = TransportSecurity(isInsecureAllowed: true)
    #expect(try security.url(of: "10.0.0.1:8000") == "http://10.0.0.1:8000")
  }

  @Test(
    "what is no address is refused",
    arguments: [
      "", "ftp://host", "http://", "https://host/path", "http://host:port", "127.0.0.1:x",
    ]
  )
  func broken(address: String) {
    #expect(throws: FlowerError.self) { try TransportSecurity().url(of: address) }
  }

  @Test("a claim is signed as Flower's own superexec signs it")
  func signature() throws {
    // From flwr 1.41.0 (tools/golden/flower.py sign).
    let signature = TaskSignature(
      secret: Data("a secret\n".utf8),
      body: Data([10, 14]) + Data("flwr-clientapp".utf8),
      date: Date(timeIntervalSince1970: 1_700_000_000.9),
      nonce: "00112233445566778899aabbccddeeff"
    )
    let headers = Dictionary(uniqueKeysWithValues: signature.headers.map { ($0.name, $0.value) })
    #expect(headers == Self.expected)
  }

  private static let expected = [
    "flwr-superexec-ts": "1700000000", "flwr-superexec-nonce": "00112233445566778899aabbccddeeff",
    "flwr-superexec-body-sha256":
      "61e5fa7d728778547a32e8472bbe60079bbf4ce48bc6885efa93f22b840be234",
    "flwr-superexec-signature":
      "2c7d82dfda4369cd53a7f0797c48fdfea2ce5435b505a853bf10555be08417a4",
  ]
}
