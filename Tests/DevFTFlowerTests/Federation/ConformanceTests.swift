import Foundation
import Testing

@Suite(
  "A federation over Flower, all real processes",
  .enabled(if: FlowerProgram.isInstalled),
  .serialized
)
struct ConformanceTests {
  @Test("ends in the bytes of the same run in one process")
  func sameBytes() async throws {
    let federation = try await LoopbackFederation(clientCount: 3)
    let configuration = try federation.configuration()
    let clients = try (0..<3).map { try federation.startClient($0) }
    try await federation.expectSuccess(["run", "--superlink", federation.address, "--detach"])
    try await federation.expectSuccess([
      "serve", configuration, "--superlink", federation.address, "--out",
      federation.scratch.path("flower"),
    ])
    let alone = try await Program.run(
      Program.built("devft"),
      ["simulate", configuration, "--out", federation.scratch.path("alone")],
      federation.scratch
    )
    try #require(alone.status == 0, "\(alone.text)")
    #expect(try federation.adapter(of: "flower") == federation.adapter(of: "alone"))
    #expect(clients.allSatisfy(\.isRunning))
    let list = try await federation.expectSuccess(["ls", "--superlink", federation.address])
    #expect(list.output.contains("finished:completed"))
  }
}
