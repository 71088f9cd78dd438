import DevFTFormats
public import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// An endpoint that answers chat requests as OpenAI's does.
public struct JudgeEndpoint: Sendable {
  /// One answer and what it took.
  struct Completion: Equatable {
    var text: String
    var promptTokens: Int
    var completionTokens: Int
  }

  /// Address up to `/chat/completions`, such as `http://127.0.0.1:8000/v1`.
  public var url: URL
  /// Key that is sent along, or `nil`.
  public var key: String?
  /// Name of the model that judges.
  public var model: String
  /// Tries of a request before it fails, at least 1.
  public var tryCount: Int
  /// Pause after the first try that failed; it doubles from try to try.
  public var firstPause: Duration

  /// Names an endpoint.
  ///
  /// - Parameters:
  ///   - url: Address up to `/chat/completions`.
  ///   - key: Key that is sent along, or `nil`.
  ///   - model: Name of the model that judges.
  ///   - tryCount: Tries of a request before it fails, at least 1.
  ///   - firstPause: Pause after the first try that failed; it doubles from try to try.
  public init(
    url: URL,
    key: String?,
    model: String,
    tryCount: Int = 6,
    firstPause: Duration = .seconds(1)
  ) {
    self.url = url
    self.key = key
    self.model = model
    self.tryCount = tryCount
    self.firstPause = firstPause
  }

  /// Has a request answered; what may pass (429, 5xx, a broken connection) is tried again.
  ///
  /// - Parameters:
  ///   - system: What the judge is.
  ///   - user: What it is asked.
  /// - Returns: Its answer.
  /// - Throws: `RunError` with code `download` when no try succeeded.
  func answer(system: String, user: String) async throws -> Completion {
    let request = request(system: system, user: user)
    var (pause, reason) = (firstPause, "")
    for number in 1...tryCount {
      switch await attempt(request) {
      case .success(let completion): return completion
      case .failure(let failure):
        reason = failure.reason
        guard failure.mayPass, number < tryCount else { break }
        try await Task.sleep(for: failure.pause ?? pause)
        pause = pause * 2
        continue
      }
      break
    }
    throw RunError(.download, "\(url.absoluteString): expected an answer of the judge, \(reason)")
  }

  private struct Failure: Error {
    var reason: String
    var mayPass: Bool
    var pause: Duration?
  }

  private func request(system: String, user: String) -> URLRequest {
    func message(_ role: String, _ content: String) -> JSONValue {
      .object([.init("role", .string(role)), .init("content", .string(content))])
    }
    let body = JSONValue.object([
      .init("model", .string(model)), .init("temperature", .number("0")),
      .init("max_tokens", .number("2048")), .init("n", .number("1")),
      .init("messages", .array([message("system", system), message("user", user)])),
    ])
    var request = URLRequest(url: url.appendingPathComponent("chat/completions"))
    request.httpMethod = "POST"
    request.timeoutInterval = 300
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
    request.httpBody = Data(body.encoded.utf8)
    return request
  }

  private func attempt(_ request: URLRequest) async -> Result<Completion, Failure> {
    let (data, response): (Data, URLResponse)
    do {
      (data, response) = try await URLSession.shared.data(for: request)
    } catch {
      return .failure(Failure(reason: error.localizedDescription, mayPass: true))
    }
    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
    guard status == 200 else {
      let after = (response as? HTTPURLResponse)?.value(forHTTPHeaderField: "Retry-After")
      return .failure(
        Failure(
          reason: "got status \(status)",
          mayPass: status == 429 || status >= 500,
          pause: after.flatMap(Double.init).map { .seconds(min(max(0, $0), 300)) }
        )
      )
    }
    guard let completion = Self.completion(Array(data)) else {
      return .failure(Failure(reason: "got something else", mayPass: false))
    }
    return .success(completion)
  }

  private static func completion(_ bytes: [UInt8]) -> Completion? {
    guard let json = try? JSONParser.parse(bytes[...]),
      let text = json["choices"]?.elements?.first?["message"]?["content"]?.text
    else { return nil }
    return Completion(
      text: text,
      promptTokens: json["usage"]?["prompt_tokens"]?.integer ?? 0,
      completionTokens: json["usage"]?["completion_tokens"]?.integer ?? 0
    )
  }
}
