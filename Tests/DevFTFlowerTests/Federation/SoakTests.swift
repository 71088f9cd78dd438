import DevFTTensor
import Foundation
import Testing

@Suite(
  "A hundred rounds over Flower",
  .enabled(if: FlowerProgram.isInstalled),
  .enabled(if: FlowerProgram.isSoaking, "many minutes (make soak)"),
  .serialized
)
struct SoakTests {
  private static let roundCount = 100
  private static let clientCount = 3

  /// Starts a run of a hundred rounds of clients that train nothing.
  private static func serve(
    _ federation: LoopbackFederation,
    _ options: [String] = []
  ) async throws -> Program {
    let configuration = try federation.configuration()
    try await federation.expectSuccess(["run", "--superlink", federation.address, "--detach"])
    return try federation.flower(
      [
        "serve", configuration, "--superlink", federation.address, "--out",
        federation.scratch.path("run"), "--set", "federation.rounds=\(roundCount)", "--set",
        "stages=null",
      ] + options
    )
  }

  private static func expectAllRounds(_ federation: LoopbackFederation) {
    let rounds = federation.rounds(of: "run")
    #expect(rounds.map(\.round) == Array(1...roundCount))
    #expect(rounds.allSatisfy { $0.skipped == nil && $0.loss != nil })
  }

  @Test("leave the memory of server and clients where it was after twenty")
  func memory() async throws {
    let federation = try await LoopbackFederation(clientCount: Self.clientCount)
    let clients = try (0..<Self.clientCount).map { try federation.startClient($0, isIdle: true) }
    let server = try await Self.serve(federation)
    let processes = [server] + clients
    func sizes(afterRound round: Int) async throws -> [Int] {
      try await federation.wait("round \(round) is done", seconds: 3600) {
        federation.rounds(of: "run").count >= round || !server.isRunning
      }
      return processes.map(\.residentByteCount)
    }
    let early = try await sizes(afterRound: 20)
    // Before the last one, after which the server ends.
    let late = try await sizes(afterRound: Self.roundCount - 1)
    for (name, (before, after)) in zip(
      ["server", "client 0", "client 1", "client 2"],
      zip(early, late)
    ) {
      print("\(name): \(before >> 10) KiB after round 20, \(after >> 10) KiB after round 99")
      let ratio = Double(after) / Double(before)
      #expect((0.9...1.1).contains(ratio), "\(name): \(before) bytes, then \(after)")
    }
    let outcome = await server.end()
    try #require(outcome.status == 0, "\(outcome.text)")
    Self.expectAllRounds(federation)
    #expect(clients.areRunning)
  }

  /// What is killed.
  private enum Target: CaseIterable { case server, superlink, node, client }

  @Test("all happen, whatever is killed meanwhile; only the open one is done again")
  func kills() async throws {
    let federation = try await LoopbackFederation(clientCount: Self.clientCount)
    var clients = try (0..<Self.clientCount).map { try federation.startClient($0, isIdle: true) }
    let options = ["--deadline", "15"]
    var server = try await Self.serve(federation, options)
    var stream = RandomStream(seed: 7, purpose: "kills")
    let targets = Target.allCases + Target.allCases + Target.allCases
    for (index, place) in stream.permutation(of: targets.count).enumerated() {
      let (round, index) = (8 * (index + 1) - 3 + stream.nextIndex(below: 6), 1 + index % 2)
      try await federation.wait("round \(round) is done", seconds: 1200) {
        federation.rounds(of: "run").count >= round || !server.isRunning
      }
      try #require(server.isRunning, "\(server.text)")
      try await Task.sleep(for: .milliseconds(stream.nextIndex(below: 4000)))
      print("after round \(federation.rounds(of: "run").count): \(targets[place]) \(index)")
      switch targets[place] {
      case .server:
        let done = federation.rounds(of: "run").count
        server.kill()
        _ = await server.end()
        #expect(federation.rounds(of: "run").count >= done)
        server = try federation.flower(
          [
            "serve", "--resume", federation.scratch.path("run"), "--superlink", federation.address,
          ] + options
        )
      case .superlink:
        federation.superlink?.kill()
        try federation.startSuperLink()
      case .node:
        federation.nodes[index]?.kill()
        try federation.startNode(index)
      case .client:
        clients[index].kill()
        clients[index] = try federation.startClient(index, isIdle: true)
      }
    }
    let outcome = await server.end()
    try #require(outcome.status == 0, "\(outcome.text)")
    Self.expectAllRounds(federation)
    #expect(clients.areRunning)
    let last = federation.rounds(of: "run").suffix(3)
    #expect(last.contains { $0.failed.isEmpty }, "\(last)")
  }
}
