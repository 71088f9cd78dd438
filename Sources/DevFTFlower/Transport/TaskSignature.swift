import Crypto
import Foundation

/// Proof, on a claim of a task, that the claimer knows the federation's secret.
struct TaskSignature {
  /// The headers that carry it.
  let headers: [(name: String, value: String)]

  /// Signs a claim.
  ///
  /// - Parameters:
  ///   - secret: The bytes of the secret's file.
  ///   - body: The claim.
  ///   - date: When; now by default.
  ///   - nonce: A number used once, in hexadecimal; drawn by default.
  init(secret: Data, body: Data, date: Date = Date(), nonce: String? = nil) {
    let key = HMAC<SHA256>.authenticationCode(
      for: Data("superexec-auth-v1".utf8),
      using: SymmetricKey(data: secret)
    )
    let time = String(Int(date.timeIntervalSince1970))
    let nonce = nonce ?? (0..<16).map { _ in UInt8.random(in: 0...255) }.hexadecimal
    let digest = SHA256.hash(data: body).hexadecimal
    let text =
      "method=/flwr.proto.Runtime/AcquireTask\nts=\(time)\nnonce=\(nonce)\nbody_sha256=\(digest)"
    let signature = HMAC<SHA256>.authenticationCode(
      for: Data(text.utf8),
      using: SymmetricKey(data: Data(key))
    )
    headers = [
      ("flwr-superexec-ts", time), ("flwr-superexec-nonce", nonce),
      ("flwr-superexec-body-sha256", digest),
      ("flwr-superexec-signature", signature.hexadecimal),
    ]
  }
}
