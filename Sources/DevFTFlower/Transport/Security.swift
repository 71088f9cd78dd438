public import Foundation

/// How the way to the other side is kept safe.
public struct TransportSecurity: Sendable {
  /// File with the certificates of the authority that the other side's certificate must come from;
  /// `nil`: those of the system.
  public var authorityFile: String?
  /// Whether plain HTTP to other machines is allowed.
  public var isInsecureAllowed: Bool
  /// The secret that tasks are claimed with, or `nil` where none is asked for.
  public var secret: Data?

  /// Describes it.
  ///
  /// - Parameters:
  ///   - authorityFile: File with the authority's certificates; `nil`: those of the system.
  ///   - isInsecureAllowed: Whether plain HTTP to other machines is allowed.
  ///   - secret: The secret that tasks are claimed with.
  public init(
    authorityFile: String? = nil,
    isInsecureAllowed: Bool = false,
    secret: Data? = nil
  ) {
    self.authorityFile = authorityFile
    self.isInsecureAllowed = isInsecureAllowed
    self.secret = secret
  }

  /// The address as a URL, when it may be used.
  ///
  /// - Parameter address: A URL, or host and port.
  /// - Returns: Scheme, host and port.
  /// - Throws: `FlowerError` with code `invalidSetting` when it is no address, or plain HTTP would
  ///   leave this machine and was not allowed to.
  func url(of address: String) throws(FlowerError) -> String {
    let text = address.contains("://") ? address : standardScheme(for: address) + "://" + address
    guard let url = URLComponents(string: text), let scheme = url.scheme, let host = url.host,
      !host.isEmpty, ["http", "https"].contains(scheme), ["", "/"].contains(url.path)
    else {
      throw FlowerError(
        .invalidSetting,
        "expected an address such as https://host:8000, got \(address.excerpt)"
      )
    }
    guard scheme == "https" || isInsecureAllowed || Self.isLoopback(host) else {
      throw FlowerError(
        .invalidSetting,
        "\(address): expected https to another machine; --insecure allows plain http"
      )
    }
    let isBare = host.contains(":") && !host.hasPrefix("[")
    return "\(scheme)://\(isBare ? "[\(host)]" : host)"
      + (url.port.map { ":\($0)" } ?? "")
  }

  /// Plain HTTP only where it was asked for, or where no certificate was named and nothing leaves
  /// the machine.
  private func standardScheme(for address: String) -> String {
    let host = URLComponents(string: "//" + address)?.host ?? ""
    return isInsecureAllowed || (authorityFile == nil && Self.isLoopback(host)) ? "http" : "https"
  }

  private static func isLoopback(_ host: String) -> Bool {
    let bare = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
    return bare == "localhost" || bare == "::1" || bare.hasPrefix("127.")
  }
}
