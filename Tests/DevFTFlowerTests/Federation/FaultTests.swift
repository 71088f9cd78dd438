import DevFTRuntime
import Foundation
import Testing

@testable import DevFTFlower

@Suite(
  "A federation over Flower in which things go wrong",
  .enabled(if: FlowerProgram.isInstalled),
  .serialized
)
struct FaultTests {
  private static func adapterOfOneProcess(
    _ configuration: String,
    _ federation: LoopbackFederation
  ) async throws -> Data {
    let alone = try await Program.run(
      Program.built("devft"),
      ["simulate", configuration, "--out", federation.scratch.path("alone")],
      federation.scratch
    )
    try #require(alone.status == 0, "\(alone.text)")
    return try federation.adapter(of: "alone")
  }

  @Test("an update that is no good is refused with a reason, and the round goes on")
  func badUpdates() async throws {
    let federation = try await LoopbackFederation(clientCount: 2)
    let client = try federation.startClient(0)
    let bad = try BadClient(
      address: federation.nodeAddress(1),
      index: 1,
      answers: [
        .number(.nan), .shape, .round(1), .size, .record, .truncated, .error("first\nsecond"),
        .silence,
      ]
    )
    defer { bad.stop() }
    let configuration = try federation.configuration()
    try await federation.expectSuccess(["run", "--superlink", federation.address, "--detach"])
    try await federation.expectSuccess([
      "serve", configuration, "--superlink", federation.address, "--out",
      federation.scratch.path("run"), "--deadline", "45", "--set", "federation.rounds=8",
    ])
    let lost = federation.rounds(of: "run").map { $0.rejected + $0.failed }
    // Of silence either the round's deadline tells or the SuperNode, when the task's token has run out.
    let expected = [
      ["NaN or infinite"], ["shape"], ["answers round 1"], ["expected a message of at most"],
      ["expected a record devft.update"], ["does not hold"], ["first second"],
      ["did not answer within", "its task is not there any more"],
    ]
    try #require(lost.count == expected.count)
    for (reasons, texts) in zip(lost, expected) {
      #expect(reasons.count == 1)
      #expect(texts.contains { reasons.first?.contains($0) == true }, "\(reasons)")
      #expect(reasons.first?.hasPrefix("client 1: ") == true)
    }
    #expect(federation.rounds(of: "run").allSatisfy { $0.loss != nil })
    #expect(client.isRunning)
  }

  @Test(
    "a client that is always late counts in the next round, but not in the next stage",
    .enabled(if: FlowerProgram.isSoaking, "two minutes: rounds that wait for their deadline")
  )
  func late() async throws {
    let federation = try await LoopbackFederation(clientCount: 2)
    let client = try federation.startClient(0)
    let slow = try BadClient(
      address: federation.nodeAddress(1),
      index: 1,
      answers: Array(repeating: .late(seconds: 21), count: 4)
    )
    defer { slow.stop() }
    let configuration = try federation.configuration()
    try await federation.expectSuccess(["run", "--superlink", federation.address, "--detach"])
    try await federation.expectSuccess([
      "serve", configuration, "--superlink", federation.address, "--out",
      federation.scratch.path("run"), "--deadline", "20", "--set", "federation.stragglers=stale",
    ])
    let rounds = federation.rounds(of: "run")
    #expect(rounds.map(\.lateness) == [nil, [1: 1], nil, [1: 1]])
    for round in rounds {
      #expect(
        round.failed.count == 1 && round.failed.first?.contains("did not answer within") == true
      )
    }
    let expected = "client 1: the update answers round 2 of stage 1, this is stage 2"
    #expect(rounds.map(\.rejected) == [[], [], [expected], []])
    #expect(client.isRunning)
  }

  @Test("a server that is killed and started again ends in the same bytes")
  func serverKilled() async throws {
    let federation = try await LoopbackFederation(clientCount: 2)
    let clients = try (0..<2).map { try federation.startClient($0) }
    let configuration = try federation.configuration()
    let run = federation.scratch.path("run")
    try await federation.expectSuccess(["run", "--superlink", federation.address, "--detach"])
    let server = try federation.flower([
      "serve", configuration, "--superlink", federation.address, "--out", run,
    ])
    try await federation.wait("two rounds are done") {
      federation.rounds(of: "run").count >= 2 || !server.isRunning
    }
    server.kill()
    #expect(await server.end().status == -SIGKILL)
    let resumed = try await federation.expectSuccess([
      "serve", "--resume", run, "--superlink", federation.address,
    ])
    #expect(resumed.text.contains("goes on"))
    #expect(
      try await federation.adapter(of: "run")
        == Self.adapterOfOneProcess(configuration, federation)
    )
    #expect(clients.areRunning)
  }

  @Test(
    "a server that is killed while it sends: its half-sent message is dropped, the run goes on",
    .enabled(if: FlowerProgram.isSoaking, "some minutes, until the SuperLink gives the message up")
  )
  func serverKilledWhileSending() async throws {
    let federation = try await LoopbackFederation(clientCount: 2)
    let clients = try (0..<2).map { try federation.startClient($0) }
    let configuration = try federation.configuration()
    let run = federation.scratch.path("run")
    try await federation.expectSuccess(["run", "--superlink", federation.address, "--detach"])
    let server = try federation.flower([
      "serve", configuration, "--superlink", federation.address, "--out", run,
    ])
    try await federation.wait("a round is done") {
      !federation.rounds(of: "run").isEmpty || !server.isRunning
    }
    server.kill()
    #expect(await server.end().status == -SIGKILL)
    try Self.announceMessages(of: RunDirectory(run), at: federation.address)
    try await federation.expectSuccess([
      "serve", "--resume", run, "--superlink", federation.address,
    ])
    #expect(
      try await federation.adapter(of: "run")
        == Self.adapterOfOneProcess(configuration, federation)
    )
    #expect(clients.areRunning)
  }

  /// Does what a server does that dies in the middle: announces a message to each node, and sends nothing of what it is
  /// made of.
  private static func announceMessages(of run: RunDirectory, at address: String) throws {
    let saved = try #require(SavedSession(in: run))
    let api = try RuntimeAPI(
      address: address,
      security: TransportSecurity(),
      patience: Patience(limit: .seconds(30))
    )
    let session = try TaskSession(
      token: saved.token,
      runID: saved.runID,
      nodeID: saved.nodeID,
      api: api
    )
    defer { session.abandon() }
    var (bag, request) = (ObjectBag(), Flwr_Proto_PushAppMessagesRequest())
    for node in try session.nodes() {
      let metadata = Flwr_Proto_Metadata(
        run: saved.runID,
        to: node,
        type: MessageType.train,
        group: "half-sent",
        timeToLive: 86_400
      )
      let content = RecordSet(Greeting(number: nil, exampleCount: 1))
      request.messagesList.append(try Flwr_Proto_Message(metadata, content: content, in: &bag))
    }
    for message in request.messagesList {
      request.messageObjectTrees.append(try bag.tree(of: ObjectID(message.metadata.messageID)))
    }
    let response: Flwr_Proto_PushAppMessagesResponse = try api.call(
      "push-messages",
      request,
      token: saved.token
    )
    #expect(!response.objectsToPush.isEmpty)
  }

  @Test("a SuperLink that is killed and started on its database takes the run up again")
  func superlinkKilled() async throws {
    let federation = try await LoopbackFederation(clientCount: 2)
    let clients = try (0..<2).map { try federation.startClient($0) }
    let configuration = try federation.configuration()
    try await federation.expectSuccess(["run", "--superlink", federation.address, "--detach"])
    let server = try federation.flower([
      "serve", configuration, "--superlink", federation.address, "--out",
      federation.scratch.path("run"),
    ])
    try await federation.wait("a round is done") {
      !federation.rounds(of: "run").isEmpty || !server.isRunning
    }
    federation.superlink?.kill()
    try federation.startSuperLink()
    let outcome = await server.end()
    try #require(outcome.status == 0, "\(outcome.text)")
    #expect(
      try await federation.adapter(of: "run")
        == Self.adapterOfOneProcess(configuration, federation)
    )
    #expect(clients.areRunning)
  }

  @Test("a client that is killed is missed for a round, and takes part again when it is back")
  func clientKilled() async throws {
    let federation = try await LoopbackFederation(clientCount: 2)
    let first = try federation.startClient(0)
    let second = try federation.startClient(1)
    let configuration = try federation.configuration()
    try await federation.expectSuccess(["run", "--superlink", federation.address, "--detach"])
    let server = try federation.flower([
      "serve", configuration, "--superlink", federation.address, "--out",
      federation.scratch.path("run"), "--deadline", "30", "--set", "federation.rounds=14",
    ])
    try await federation.wait("a round is done") {
      !federation.rounds(of: "run").isEmpty || !server.isRunning
    }
    second.kill()
    try await federation.wait("a round was without it") {
      federation.rounds(of: "run").contains { !$0.failed.isEmpty } || !server.isRunning
    }
    let again = try federation.startClient(1)
    let outcome = await server.end()
    try #require(outcome.status == 0, "\(outcome.text)")
    let rounds = federation.rounds(of: "run")
    #expect(rounds.last?.failed.isEmpty == true && rounds.last?.rejected.isEmpty == true)
    #expect(rounds.allSatisfy { $0.loss != nil })
    #expect(first.isRunning && again.isRunning)
  }
}
