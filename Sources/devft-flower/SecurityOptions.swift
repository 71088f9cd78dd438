import ArgumentParser
import DevFTFlower
import DevFTRuntime
import Foundation

/// How the way to the other side is kept safe.
struct SecurityOptions: ParsableArguments {
  @Option(help: "File with the certificates of the authority, in PEM; by default the system's.")
  var rootCertificates: String?

  @Flag(help: "Allow plain HTTP to other machines.")
  var insecure = false

  @Option(help: "File with the secret that tasks are claimed with.")
  var secretFile: String?

  /// The settings, the secret read from its file.
  func security() throws -> TransportSecurity {
    var secret: Data?
    if let secretFile {
      guard let data = FileManager.default.contents(atPath: secretFile), !data.isEmpty else {
        throw RunError(.directory, "\(secretFile): expected a file with a secret, found none")
      }
      secret = data
    }
    return TransportSecurity(
      authorityFile: rootCertificates,
      isInsecureAllowed: insecure,
      secret: secret
    )
  }
}
