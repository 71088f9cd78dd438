import Foundation
import Testing

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
