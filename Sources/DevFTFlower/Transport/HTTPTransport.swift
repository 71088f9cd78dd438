import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Requests and answers over HTTP/1.1, one at a time for each caller.
///
/// Calls block: they come from threads that train or that run a server's rounds, never from the
/// cooperative pool.
final class HTTPTransport: Sendable {
  private let client: HTTPClient
  private let url: String

  /// Largest answer, in bytes: a chunk and some.
  private static let largestAnswer = 64 << 20

  /// Prepares the way to an address; nothing is sent yet.
  ///
  /// - Throws: `FlowerError` with code `invalidSetting`.
  init(address: String, security: TransportSecurity) throws(FlowerError) {
    url = try security.url(of: address)
    var configuration = HTTPClient.Configuration()
    configuration.tlsConfiguration = try Self.tls(security)
    configuration.redirectConfiguration = .disallow
    configuration.httpVersion = .http1Only
    configuration.timeout = HTTPClient.Configuration.Timeout(
      connect: .seconds(5),
      read: .seconds(60)
    )
    // The servers close connections that are idle for five seconds.
    configuration.connectionPool.idleTimeout = .seconds(3)
    // Callers try again by their own rules.
    configuration.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  deinit { try? client.syncShutdown() }

  private static func tls(_ security: TransportSecurity) throws(FlowerError) -> TLSConfiguration {
    var tls = TLSConfiguration.makeClientConfiguration()
    guard let file = security.authorityFile else { return tls }
    do {
      tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file))
    } catch {
      throw FlowerError(.invalidSetting, "\(file): expected certificates in PEM, got another file")
    }
    return tls
  }

  /// Sends bytes and waits for the answer.
  ///
  /// - Parameters:
  ///   - path: Path of the call, from `/`.
  ///   - body: The bytes.
  ///   - headers: Headers beside the content's type.
  /// - Returns: The bytes that came back.
  /// - Throws: `FlowerError` with code `unreachable`, `untrusted`, `stopped`, `refused` or `tooLarge`.
  func post(
    _ path: String,
    body: Data,
    headers: [(name: String, value: String)] = []
  ) throws(FlowerError) -> Data {
    let response = try send(path, body, headers)
    let answer = response.body.map { Data($0.readableBytesView) } ?? Data()
    guard response.status == .ok else { throw refusal(response.status, answer, of: path) }
    return answer
  }

  private func send(
    _ path: String,
    _ body: Data,
    _ headers: [(name: String, value: String)]
  ) throws(FlowerError) -> HTTPClient.Response {
    do {
      let request = try HTTPClient.Request(
        url: url + path,
        method: .POST,
        headers: HTTPHeaders([("content-type", "application/protobuf")] + headers),
        body: .data(body)
      )
      let answer = ResponseAccumulator(request: request, maxBodySize: Self.largestAnswer)
      return try client.execute(request: request, delegate: answer).wait()
    } catch is ResponseAccumulator.ResponseTooBigError {
      throw FlowerError(
        .tooLarge,
        "\(url)\(path): expected an answer of at most \(Self.largestAnswer) bytes, got more"
      )
    } catch {
      throw failure(error)
    }
  }

  /// What a broken connection means.
  private func failure(_ error: any Error) -> FlowerError {
    guard error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError else {
      return FlowerError(.unreachable, "\(url): cannot be reached: \("\(error)".excerpt)")
    }
    // The library's own words hold paths of its sources.
    let reason = "\(error)".firstMatch(of: #/OPENSSL_internal:([A-Z_]+)/#).map { ": \($0.1)" } ?? ""
    return FlowerError(
      .untrusted,
      "\(url): expected a certificate of the given authority, the connection failed\(reason)"
    )
  }

  private struct Refusal: Decodable {
    var code: Int?
    var detail: String?
  }

  /// What a status other than 200 means.
  private func refusal(_ status: HTTPResponseStatus, _ body: Data, of path: String) -> FlowerError {
    let refusal = try? JSONDecoder().decode(Refusal.self, from: body)
    let detail = refusal?.detail.map { ": \($0.excerpt)" } ?? ""
    let message = "\(url)\(path): answered \(status.code)\(detail)"
    return switch (status.code, refusal?.code) {
    case (401, 1008): FlowerError(.stopped, message)
    case (502...504, _), (429, _), (408, _): FlowerError(.unreachable, message)
    default: FlowerError(.refused, message)
    }
  }
}
