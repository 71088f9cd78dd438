import DevFTRuntime
import Foundation
import Synchronization

/// Which node is which client of the run.
///
/// A node that is new is greeted; its answer says that it is ready and, where it was started with a
/// `partition-id`, which client it is. Others get the lowest number that is free.
final class ClientRegister: Sendable {
  private struct State {
    var nodeOfClient: [Int: UInt64] = [:]
    /// Nodes whose clients do not hold the base model.
    var needy: Set<UInt64> = []
    /// Greetings that are not answered yet: node and message.
    var greetings: [UInt64: String] = [:]
    /// When a node that could not take part is greeted again.
    var pauses: [UInt64: ContinuousClock.Instant] = [:]
  }

  private let session: TaskSession
  private let populationCount: Int
  private let notice: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// Time until a node that could not take part is asked again.
  private static let pause = Duration.seconds(30)
  /// Time that a greeting waits for its node.
  private static let timeToLive = 3600.0
  /// Most bytes of an answer to a greeting.
  private static let answerLimit = 1 << 20

  /// Starts without any client.
  ///
  /// - Parameters:
  ///   - session: The server's task.
  ///   - populationCount: Number of clients of the run.
  ///   - notice: Shown lines.
  init(session: TaskSession, populationCount: Int, notice: @escaping @Sendable (String) -> Void) {
    self.session = session
    self.populationCount = populationCount
    self.notice = notice
  }

  /// The node of a client, or `nil` while it has none.
  func node(of client: Int) -> UInt64? { state.withLock { $0.nodeOfClient[client] } }

  /// The node of a client that does not hold the base model; `nil` for others.
  func nodeWithoutBase(of client: Int) -> UInt64? {
    state.withLock { state in
      state.nodeOfClient[client].flatMap { state.needy.contains($0) ? $0 : nil }
    }
  }

  /// Waits until clients are connected and ready.
  ///
  /// - Parameters:
  ///   - clients: The clients that are wanted.
  ///   - quorum: How many of them are needed.
  ///   - stage: What they are to make ready for.
  ///   - grace: Time to wait for those that are missing beyond the quorum.
  ///   - patience: Time to wait for the quorum.
  /// - Throws: `FlowerError` when the way to the federation breaks.
  func connect(
    _ clients: Set<Int>,
    atLeast quorum: Int,
    for stage: RemoteStage,
    grace: Duration,
    patience: Duration
  ) throws {
    let start = ContinuousClock.now
    while true {
      let nodes = Set(try session.nodes())
      forget(allBut: nodes)
      try greet(nodes, stage)
      try collect()
      let count = state.withLock { clients.intersection($0.nodeOfClient.keys).count }
      let limit = count >= quorum ? grace : patience
      guard count < clients.count, ContinuousClock.now - start < limit else { return }
      Thread.sleep(for: .milliseconds(300))
    }
  }

  private func forget(allBut nodes: Set<UInt64>) {
    let gone = state.withLock { state in
      let gone = state.nodeOfClient.filter { !nodes.contains($0.value) }.keys.sorted()
      for client in gone { state.nodeOfClient[client] = nil }
      state.greetings = state.greetings.filter { nodes.contains($0.key) }
      state.pauses = state.pauses.filter { nodes.contains($0.key) }
      return gone
    }
    for client in gone { notice("client \(client): is not connected any more") }
  }

  /// Greets the nodes that are nobody yet.
  private func greet(_ nodes: Set<UInt64>, _ stage: RemoteStage) throws {
    let now = ContinuousClock.now
    let fresh = state.withLock { state in
      nodes.filter { node in
        state.greetings[node] == nil && !state.nodeOfClient.values.contains(node)
          && state.pauses[node].map { $0 <= now } ?? true
      }.sorted()
    }
    guard !fresh.isEmpty else { return }
    var bag = ObjectBag()
    let messages = try fresh.map { node in
      let metadata = Flwr_Proto_Metadata(
        run: session.runID,
        to: node,
        type: MessageType.greeting,
        group: "greeting",
        timeToLive: Self.timeToLive
      )
      return try Flwr_Proto_Message(metadata, content: RecordSet(stage), in: &bag)
    }
    _ = try session.push(messages, bag)
    state.withLock { state in
      for (node, message) in zip(fresh, messages) {
        state.greetings[node] = message.metadata.messageID
      }
    }
  }

  /// Takes in the answers that are there.
  private func collect() throws {
    let greetings = state.withLock { $0.greetings }
    guard !greetings.isEmpty else { return }
    let nodes = Dictionary(uniqueKeysWithValues: greetings.map { ($1, $0) })
    for (message, tree) in try session.pull(answersTo: nodes.keys.sorted()) {
      guard let node = nodes[message.metadata.replyToMessageID] else { continue }
      state.withLock { $0.greetings[node] = nil }
      do throws(FlowerError) {
        try enter(node, try greeting(message, tree))
      } catch {
        guard error.code != .stopped, error.code != .unreachable else { throw error }
        notice("node \(node): cannot take part: \(error.message)")
        state.withLock { $0.pauses[node] = .now + Self.pause }
      }
    }
  }

  private func greeting(
    _ message: Flwr_Proto_Message,
    _ tree: Flwr_Proto_ObjectTree
  ) throws(FlowerError) -> Greeting {
    guard !message.hasError else {
      throw FlowerError(.refused, message.error.explanation)
    }
    let bag = try session.objects(
      of: tree,
      limit: Self.answerLimit,
      patience: TaskSession.answerPatience
    )
    try session.confirm(message.metadata.messageID)
    return try message.records(in: bag).greeting()
  }

  /// Gives a node its place.
  private func enter(_ node: UInt64, _ greeting: Greeting) throws(FlowerError) {
    let client = try state.withLock { state throws(FlowerError) in
      let client = try place(for: node, greeting, in: state)
      state.nodeOfClient[client] = node
      if greeting.needsBase { state.needy.insert(node) } else { state.needy.remove(node) }
      return client
    }
    notice(
      "client \(client): connected, "
        + (greeting.needsBase
          ? "without the base model" : "\(greeting.exampleCount) examples")
    )
  }

  private func place(
    for node: UInt64,
    _ greeting: Greeting,
    in state: State
  ) throws(FlowerError) -> Int {
    let range = 0..<populationCount
    guard let number = greeting.number else {
      guard let free = range.first(where: { state.nodeOfClient[$0] == nil }) else {
        throw FlowerError(.refused, "the run has \(populationCount) clients already")
      }
      return free
    }
    guard range.contains(number) else {
      throw FlowerError(
        .refused,
        "its partition-id is \(number), expected one of the \(populationCount) clients from 0"
      )
    }
    if let other = state.nodeOfClient[number], other != node {
      throw FlowerError(.refused, "its partition-id \(number) is also that of node \(other)")
    }
    return number
  }
}
