import DevFTFederation
public import DevFTRuntime
import Foundation
import Synchronization

/// The server of a federated run over Flower: a ServerApp that runs the rounds.
///
/// It waits for a run to be started in the federation, takes its task, runs all rounds and ends it.
/// One value serves one run.
public final class FederationServer: Sendable {
  private struct State {
    var session: TaskSession?
    var register: ClientRegister?
  }

  private let api: RuntimeAPI
  private let times: FlowerLink.Times
  private let notice: @Sendable (String) -> Void
  private let late = LateTasks()
  private let state = Mutex(State())

  /// Time within which a SuperLink that went away is expected back.
  private static let patience = Duration.seconds(600)

  /// Describes a server; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - address: URL of the SuperLink.
  ///   - security: How the way there is kept safe.
  ///   - deadline: Time of a round; `nil`: until every client has answered or is gone.
  ///   - notice: Shown lines about clients and the run.
  /// - Throws: `FlowerError` with code `invalidSetting`.
  public init(
    address: String,
    security: TransportSecurity,
    deadline: Duration? = nil,
    notice: @escaping @Sendable (String) -> Void
  ) throws {
    api = try RuntimeAPI(
      address: address,
      security: security,
      patience: Patience(limit: Self.patience)
    )
    times = FlowerLink.Times(deadline: deadline)
    self.notice = notice
  }

  /// Runs all rounds.
  ///
  /// - Parameters:
  ///   - directory: The run directory.
  ///   - prepare: Makes the run with its clients, new or resumed. It comes before the federation is
  ///     asked for anything, so that a broken configuration takes no run of it.
  /// - Returns: What came out.
  /// - Throws: What `prepare` and the run throw, and `FlowerError`.
  public func run(
    in directory: RunDirectory,
    _ prepare: (RemoteClients) throws -> Simulation
  ) throws -> RunSummary {
    let simulation = try prepare(RemoteClients { [self] in link(of: $0, $1) })
    let session = try open(directory)
    try SavedSession(session).write(to: directory)
    state.withLock { $0.session = session }
    do {
      let summary = try simulation.run()
      try session.finish()
      return summary
    } catch {
      // The run ends in the federation too, unless that is what is broken.
      try? session.finish(failure: "\(error)".excerpt)
      throw error
    }
  }

  /// The way to the clients for one stage; who is who lasts over stages.
  private func link(
    of stage: RemoteStage,
    _ file: @escaping @Sendable () throws -> StageFile
  ) -> any ServerLink {
    let (session, register) = state.withLock { state in
      guard let session = state.session else { preconditionFailure("a round before the run") }
      let register =
        state.register
        ?? ClientRegister(
          session: session,
          populationCount: stage.populationCount,
          notice: notice
        )
      state.register = register
      return (session, register)
    }
    return FlowerLink(
      session: session,
      register: register,
      stage: stage,
      supply: BaseSupply(session: session, notice: notice, makeFile: file),
      late: late,
      times: times
    )
  }

  /// The task that an earlier process of the run held, if it still lives, or the next one there is.
  private func open(_ directory: RunDirectory) throws -> TaskSession {
    if let session = try resumed(in: directory) { return session }
    notice("waiting for a run to be started")
    while true {
      let token = try Patience(limit: Self.patience).trying { () throws(FlowerError) in
        try api.acquireTask(type: "flwr-serverapp")
      }
      if let token {
        let session = try TaskSession(token: token, api: api)
        notice("run \(session.runID): taken")
        return session
      }
      Thread.sleep(for: .seconds(1))
    }
  }

  private func resumed(in directory: RunDirectory) throws -> TaskSession? {
    guard let saved = SavedSession(in: directory) else { return nil }
    do throws(FlowerError) {
      let session = try TaskSession(
        token: saved.token,
        runID: saved.runID,
        nodeID: saved.nodeID,
        api: api
      )
      notice("run \(session.runID): goes on")
      return session
    } catch {
      guard error.code == .stopped || error.code == .refused else { throw error }
      notice("run \(saved.runID): is over in the federation")
      return nil
    }
  }
}
