import Foundation
import SwiftProtobuf

/// Flower's Runtime API: protobuf over HTTP, one path a call.
final class RuntimeAPI: Sendable {
  private let transport: HTTPTransport
  private let secret: Data?
  private let patience: Patience

  /// Prepares the calls to an address; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - address: URL of a SuperLink or a SuperNode.
  ///   - security: How the way is kept safe.
  ///   - patience: How long a call is tried again when the other side cannot be reached.
  /// - Throws: `FlowerError` with code `invalidSetting`.
  init(address: String, security: TransportSecurity, patience: Patience) throws(FlowerError) {
    transport = try HTTPTransport(address: address, security: security)
    secret = security.secret
    self.patience = patience
  }

  /// Claims a task, when there is one.
  ///
  /// - Parameter type: `flwr-serverapp` or `flwr-clientapp`.
  /// - Returns: The task's token, or `nil`.
  /// - Throws: `FlowerError`; nothing is tried again.
  func acquireTask(type: String) throws(FlowerError) -> String? {
    var request = Flwr_Proto_AcquireTaskRequest()
    request.supportedTaskTypes = [type]
    let body = try request.encoded()
    let headers = secret.map { TaskSignature(secret: $0, body: body).headers } ?? []
    let answer: Data
    do {
      answer = try transport.post("/v1/runtime/acquire-task", body: body, headers: headers)
    } catch  where error.code == .stopped {
      // There is no task yet that could have been stopped.
      let what =
        secret == nil ? "a secret is asked for, none was given" : "the secret is not its own"
      throw FlowerError(.refused, "\(error.message) (\(what))")
    }
    let response = try Flwr_Proto_AcquireTaskResponse(answer, of: "acquire-task")
    return response.token.isEmpty ? nil : response.token
  }

  /// Makes a call for a task.
  ///
  /// - Parameters:
  ///   - name: The call, such as `push-messages`.
  ///   - request: What is sent.
  ///   - token: The task's token.
  /// - Returns: What comes back.
  /// - Throws: `FlowerError`; with code `unreachable` only after patience has run out.
  func call<Response: SwiftProtobuf.Message>(
    _ name: String,
    _ request: some SwiftProtobuf.Message,
    token: String
  ) throws(FlowerError) -> Response {
    let body = try request.encoded()
    let answer = try patience.trying { () throws(FlowerError) in
      try transport.post(
        "/v1/runtime/\(name)",
        body: body,
        headers: [("flwr-task-token", token)]
      )
    }
    return try Response(answer, of: name)
  }
}
