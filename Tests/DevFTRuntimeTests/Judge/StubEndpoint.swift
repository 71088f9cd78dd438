import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// An HTTP server on the loopback that answers each request with the next of some prepared replies.
final class StubEndpoint: Sendable {
  /// A reply: status, extra header lines and body.
  struct Reply: Sendable {
    var status = 200
    var header = ""
    var body: String

    /// What a judge says, as a chat completion.
    static func judge(_ text: String, tokens: (Int, Int) = (100, 10)) -> Reply {
      Reply(
        body: """
          {"choices":[{"message":{"role":"assistant","content":"\(text)"}}],
          "usage":{"prompt_tokens":\(tokens.0),"completion_tokens":\(tokens.1)}}
          """
      )
    }
  }

  private let socketNumber: Int32
  /// Port it listens on.
  let port: UInt16
  private let log: Log

  private final class Log: @unchecked Sendable {
    // Guarded by the lock.
    private let lock = NSLock()
    private var bodies: [String] = []

    func append(_ body: String) { lock.withLock { bodies.append(body) } }
    var all: [String] { lock.withLock { bodies } }
  }

  /// Starts to listen; the last reply is given for ever.
  init(_ replies: [Reply]) throws {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(number, pointer, length) == 0 && listen(number, 16) == 0
          && getsockname(number, pointer, &length) == 0
      }
    }
    guard number >= 0, bound else { throw CocoaError(.fileReadUnknown) }
    (socketNumber, port) = (number, UInt16(bigEndian: address.sin_port))
    let log = Log()
    self.log = log
    Thread.detachNewThread { Self.serve(number, replies, log) }
  }

  deinit { shutdown(socketNumber, Int32(SHUT_RDWR)) }

  /// Address up to `/chat/completions`.
  var url: URL {
    var parts = URLComponents()
    (parts.scheme, parts.host, parts.port, parts.path) = ("http", "127.0.0.1", Int(port), "/v1")
    return parts.url ?? URL(fileURLWithPath: "/")
  }

  /// Bodies of the requests so far.
  var requests: [String] { log.all }

  private static func serve(_ number: Int32, _ replies: [Reply], _ log: Log) {
    var count = 0
    while true {
      let client = accept(number, nil, nil)
      guard client >= 0 else {
        close(number)
        return
      }
      if let body = request(from: client) {
        log.append(body)
        let reply = replies[min(count, replies.count - 1)]
        count += 1
        let text =
          "HTTP/1.1 \(reply.status) Any\r\nContent-Type: application/json\r\nConnection: close\r\n"
          + "Content-Length: \(reply.body.utf8.count)\r\n\(reply.header)\r\n\(reply.body)"
        _ = Array(text.utf8).withUnsafeBytes {
          send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
      }
      close(client)
    }
  }

  /// Reads a request to its end; returns its body.
  private static func request(from client: Int32) -> String? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(client, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
      let text = String(decoding: bytes, as: UTF8.self)
      guard let end = text.range(of: "\r\n\r\n") else { continue }
      let head = text[..<end.lowerBound].lowercased()
      let length =
        head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
      let body = text[end.upperBound...]
      if body.utf8.count >= length { return String(body) }
    }
  }
}
