import Foundation
import SwiftProtobuf

/// Starts, lists and stops the runs of a federation (Flower's Control API).
public final class FederationControl: Sendable {
  private let transport: HTTPTransport

  /// A run as the federation sees it.
  public struct Run: Sendable {
    /// Its number.
    public var id: UInt64
    /// App and version.
    public var app: String
    /// Its state, such as `running` or `finished:completed`.
    public var status: String
    /// When it was asked for, as the SuperLink writes it.
    public var since: String

    /// Whether nothing more happens to it.
    public var isFinished: Bool { status.hasPrefix("finished") }
  }

  /// Describes the way to a SuperLink; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - address: URL of the SuperLink.
  ///   - security: How the way there is kept safe.
  /// - Throws: `FlowerError` with code `invalidSetting`.
  public init(address: String, security: TransportSecurity) throws {
    transport = try HTTPTransport(address: address, security: security)
  }

  /// Starts a run of an app.
  ///
  /// - Parameters:
  ///   - bundle: The app.
  ///   - federation: Name of the federation; empty for the only one.
  /// - Returns: The run's number.
  /// - Throws: `FlowerError`.
  public func start(_ bundle: AppBundle, federation: String = "") throws(FlowerError) -> UInt64 {
    let archive = bundle.archive
    var request = Flwr_Proto_StartRunRequest()
    request.fab.hashStr = ObjectID(of: archive).description
    request.fab.content = archive
    request.federation = federation
    let response: Flwr_Proto_StartRunResponse = try call("start-run", request)
    guard response.hasRunID else {
      throw FlowerError(.refused, "start-run: the SuperLink started no run; its log says why")
    }
    return response.runID
  }

  /// The newest runs, or one.
  ///
  /// - Parameter id: A run's number; `nil`: the newest ones.
  /// - Returns: Runs, the newest first.
  /// - Throws: `FlowerError`.
  public func runs(_ id: UInt64? = nil) throws(FlowerError) -> [Run] {
    var request = Flwr_Proto_ListRunsRequest()
    if let id { request.runID = id }
    let response: Flwr_Proto_ListRunsResponse = try call("list-runs", request)
    return response.runDict.values.sorted { $0.pendingAt > $1.pendingAt }.map { run in
      let status = [run.status.status, run.status.subStatus].filter { !$0.isEmpty }
      return Run(
        id: run.runID,
        app: "\(run.fabID) \(run.fabVersion)",
        status: status.joined(separator: ":"),
        since: run.pendingAt
      )
    }
  }

  /// Stops a run.
  ///
  /// - Parameter id: Its number.
  /// - Throws: `FlowerError` with code `refused` when it has ended or is none.
  public func stop(_ id: UInt64) throws(FlowerError) {
    var request = Flwr_Proto_StopRunRequest()
    request.runID = id
    let response: Flwr_Proto_StopRunResponse = try call("stop-run", request)
    guard response.success else {
      throw FlowerError(.refused, "run \(id): the SuperLink did not stop it")
    }
  }

  private func call<Response: SwiftProtobuf.Message>(
    _ name: String,
    _ request: some SwiftProtobuf.Message
  ) throws(FlowerError) -> Response {
    let body = try request.encoded()
    let answer = try transport.post("/v1/control/\(name)", body: body)
    return try Response(answer, of: name)
  }
}
