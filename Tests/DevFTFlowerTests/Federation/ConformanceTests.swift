import Foundation
import Testing
import _DevFTTestSupport

@Suite(
  "A federation over Flower, all real processes",
  .enabled(if: FlowerProgram.isInstalled),
  .serialized
)
struct ConformanceTests {
  @Test("ends in the bytes of the same run in one process", arguments: [false, true])
  func sameBytes(isSecured: Bool) async throws {
    let federation = try await LoopbackFederation(clientCount: 3, isSecured: isSecured)
    let configuration = try federation.configuration()
    let clients = try (0..<3).map { try federation.startClient($0) }
    try await federation.expectSuccess(
      ["run", "--superlink", federation.address, "--detach"] + federation.options
    )
    try await federation.expectSuccess(
      [
        "serve", configuration, "--superlink", federation.address, "--out",
        federation.scratch.path("flower"),
      ] + federation.options
    )
    let alone = try await Program.run(
      Program.built("devft"),
      ["simulate", configuration, "--out", federation.scratch.path("alone")],
      federation.scratch
    )
    try #require(alone.status == 0, "\(alone.text)")
    #expect(try federation.adapter(of: "flower") == federation.adapter(of: "alone"))
    #expect(clients.areRunning)
    let list = try await federation.expectSuccess(
      ["ls", "--superlink", federation.address] + federation.options
    )
    #expect(list.output.contains("finished:completed"))
  }

  @Test(
    "ends in the bytes of the same run in one process where differences travel",
    arguments: [
      // Two stages, formats that differ.
      (nil, ["network.uplink_format=int8", "network.downlink_format=int4"]),
      // The lean recipe as it is, but for the model, its data and the number of rounds.
      (
        "configs/lean.yaml",
        [
          "seed=5", "model=\(TinyChat.model)", "data.path=\(TinyChat.train)",
          "data.eval=\(TinyChat.heldOut)", "data.partition={kind: iid}", "federation.clients=3",
          "federation.rounds=4", "federation.cohort_rounds=[2, 2]", "eval.every=2",
          "eval.generate=2",
        ]
      ),
    ] as [(String?, [String])]
  )
  func differences(file: String?, settings: [String]) async throws {
    let federation = try await LoopbackFederation(clientCount: 3)
    let configuration =
      try file.map { StoredMessage.root.appendingPathComponent($0).path }
      ?? federation.configuration()
    let overrides = settings.flatMap { ["--set", $0] }
    let clients = try (0..<3).map { try federation.startClient($0) }
    try await federation.expectSuccess(["run", "--superlink", federation.address, "--detach"])
    try await federation.expectSuccess(
      [
        "serve", configuration, "--superlink", federation.address, "--out",
        federation.scratch.path("flower"),
      ] + overrides
    )
    let alone = try await Program.run(
      Program.built("devft"),
      ["simulate", configuration, "--out", federation.scratch.path("alone")] + overrides,
      federation.scratch
    )
    try #require(alone.status == 0, "\(alone.text)")
    #expect(try federation.adapter(of: "flower") == federation.adapter(of: "alone"))
    #expect(clients.areRunning)
    // The formula of one process: that it is what travels, the tests of records say.
    let bytes = try ["flower", "alone"].map { try federation.bytesByRound(of: $0) }
    #expect(bytes[0] == bytes[1] && bytes[0].count == 4)
  }

  @Test("with TLS, keys and a secret lets nobody in who lacks one of them")
  func strangers() async throws {
    let federation = try await LoopbackFederation(clientCount: 1, isSecured: true)
    let security = try #require(federation.security)
    let runtime = [
      "client", "--runtime", federation.nodeAddress(0), "--data", federation.shares[0],
    ]
    let list = ["ls", "--superlink", federation.address]
    let right = ["--root-certificates", security.authority]
    for (arguments, text) in [
      (list + ["--root-certificates", security.otherAuthority], "certificate"),
      (["ls", "--superlink", "https://\(federation.address)"], "certificate"),
      (["ls", "--superlink", "http://\(federation.address)"], "cannot be reached"),
      (runtime + ["--root-certificates", security.otherAuthority], "certificate"),
      (runtime + right, "a secret is asked for"),
      (runtime + right + ["--secret-file", security.otherSecret], "the secret is not its own"),
    ] {
      let outcome = try await federation.flower(arguments).end()
      #expect(outcome.status == 1)
      let last = outcome.text.split(separator: "\n").last ?? ""
      #expect(last.contains(text), "\(last)")
    }
    try await federation.expectSuccess(list + right)
    // A SuperNode whose key nobody registered ends by itself.
    federation.nodes[0]?.kill()
    _ = await federation.nodes[0]?.end()
    try federation.startNode(0, key: 1)
    #expect(await federation.nodes[0]?.end().status != 0)
  }
}
