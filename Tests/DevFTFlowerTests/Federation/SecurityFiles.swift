import Foundation
import Testing

/// Certificates, keys and secrets of a federation on this machine, made for one test.
struct SecurityFiles {
  /// Certificate of the authority that everyone trusts.
  let authority: String
  /// Certificate of an authority that nobody knows.
  let otherAuthority: String
  /// Secret that tasks are claimed with.
  let secret: String
  /// Another secret.
  let otherSecret: String
  private let scratch: Scratch

  /// Makes them with the system's tools.
  init(_ scratch: Scratch, clientCount: Int) async throws {
    self.scratch = scratch
    authority = scratch.path("ca.crt")
    otherAuthority = scratch.path("other.crt")
    secret = try scratch.write("a secret\n", to: "secret")
    otherSecret = try scratch.write("another secret\n", to: "other-secret")
    let request = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    try scratch.write("subjectAltName=IP:127.0.0.1\n", to: "names")
    for line in [
      "openssl req -x509 \(request) -days 2 -keyout ca.key -out ca.crt -subj /CN=authority",
      "openssl req -x509 \(request) -days 2 -keyout other.key -out other.crt -subj /CN=other",
      "openssl req \(request) -keyout server.key -out server.csr -subj /CN=127.0.0.1",
      "openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 "
        + "-out server.pem -extfile names",
    ] {
      try await run(line)
    }
    // One more key than clients: it will not be registered.
    for index in 0...clientCount {
      try await run("ssh-keygen -q -t ecdsa -b 384 -N '' -f \(key(index))")
    }
  }

  /// Private key of a SuperNode; that after the last client's is not registered.
  func key(_ index: Int) -> String { scratch.path("node-\(index)") }

  /// Arguments with which a SuperLink or a SuperNode shows its certificate and asks for the secret.
  var server: [String] {
    [
      "--ssl-ca-certfile", authority, "--ssl-certfile", scratch.path("server.pem"),
      "--ssl-keyfile", scratch.path("server.key"), "--superexec-auth-secret-file", secret,
    ]
  }

  private func run(_ line: String) async throws {
    let outcome = try await Program.run(
      "/bin/sh",
      ["-c", "cd '\(scratch.url.path)' && \(line)"],
      scratch
    )
    try #require(outcome.status == 0, "\(line): \(outcome.text)")
  }
}
