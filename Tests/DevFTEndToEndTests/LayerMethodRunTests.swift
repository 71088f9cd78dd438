import DevFTFormats
import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@Suite("Runs over some of the layers")
struct LayerMethodRunTests {
  private struct Line: Decodable {
    struct Layers: Decodable, Equatable {
      let of: Int
      let present, trained: [Int]
    }
    struct Bytes: Decodable { let lora_up: Int }
    let capacity, estimated_bytes: Int
    let bytes: Bytes
    let layers: [String: Layers]?
    let held_out_loss: Double?
  }

  private func lines(_ run: TinyRun) throws -> [Line] {
    try run.bytes("metrics.jsonl").split(separator: UInt8(ascii: "\n")).map {
      try JSONDecoder().decode(Line.self, from: $0)
    }
  }

  private func run(_ method: String, _ overrides: [String] = []) async throws -> TinyRun {
    try await TinyRun.finished(stages: "null", ["federation.method=\(method)"] + overrides)
  }

  @Test("leave the adapters of the layers that nobody trained as they began")
  func untouched() async throws {
    let (one, two) = (
      try await run("top-layers", ["federation.options.layers=1"]).adapter().layers,
      try await run("top-layers", ["federation.options.layers=2"]).adapter().layers
    )
    for layer in 0..<6 {
      for name in two[layer].names {
        // Both began with the same random A and a zero B.
        let isSame = one[layer][name] == two[layer][name]
        #expect(isSame == (layer < 4), "layer \(layer), \(name)")
        let isZero = two[layer][name]?.elements.allSatisfy { $0 == 0 } == true
        #expect(isZero == (layer < 4 && name.hasSuffix("lora_B.weight")), "layer \(layer), \(name)")
      }
    }
  }

  @Test("say in each line of the metrics what ran, and plan memory for it")
  func records() async throws {
    let progFed = try lines(try await run("progfed"))
    #expect(progFed.map(\.capacity) == [2, 3, 5, 6, 6, 6])
    #expect(
      zip(progFed, progFed.dropFirst()).allSatisfy { $0.estimated_bytes <= $1.estimated_bytes }
    )
    #expect(progFed[0].estimated_bytes < progFed[5].estimated_bytes)
    for line in progFed {
      let layers = Array(0..<line.capacity)
      let expected = Line.Layers(of: 6, present: layers, trained: layers)
      #expect(line.layers?.count == 2 && line.layers?.values.allSatisfy { $0 == expected } == true)
    }
    let chain = try lines(try await run("chainfed", ["federation.options.chain_threshold=0"]))
    #expect(chain.map { $0.layers?.values.first?.trained } == (0..<6).map { [$0] })
    #expect(chain.map(\.capacity) == Array(1...6))
    #expect(Set(chain.map(\.bytes.lora_up)).count == 1)
    #expect(try lines(try await run("fedit")).allSatisfy { $0.layers == nil && $0.capacity == 6 })
  }

  @Test("FedPruner groups layers by what they do, and says how; other prompts are other groups")
  func fedPruner() async throws {
    struct Similarity: Decodable {
      let similarity: [[Double]]
      let groups: [String: [[Int]]]
    }
    let options = ["federation.options.client_layers=[3, 2]"]
    let run = try await run("fedpruner", options)
    let found = try run.json(Similarity.self, "layers/similarity.json")
    #expect(found.similarity.count == 6 && found.groups.keys.sorted() == ["2", "3"])
    for (count, groups) in found.groups {
      #expect(groups.count == Int(count) && groups.flatMap(\.self).sorted() == Array(0..<6))
    }
    for line in try lines(run) {
      for layers in (line.layers ?? [:]).values {
        let groups = try #require(found.groups["\(layers.present.count)"])
        #expect(groups.allSatisfy { group in layers.present.count(where: group.contains) == 1 })
      }
    }
    let other = try await self.run("fedpruner", options + ["federation.prompts=\(TinyChat.train)"])
    #expect(
      try other.json(Similarity.self, "layers/similarity.json").similarity != found.similarity
    )
    // Public prompts do without held-out examples.
    let alone = try await self.run(
      "fedpruner",
      options + ["federation.prompts=\(TinyChat.train)", "data.eval=null"]
    )
    #expect(try alone.adapterBytes() == other.adapterBytes())
  }

  @Test("ChainFed with a window of all layers, and ProgFed from its last stage on, are FedIT")
  func wholeWindow() async throws {
    let fedIT = try await run("fedit").adapterBytes()
    #expect(try await run("chainfed", ["federation.options.window=6"]).adapterBytes() == fedIT)
    #expect(
      try await run("progfed", ["federation.options.progfed_stages=1"]).adapterBytes() == fedIT
    )
    #expect(try await run("top-layers", ["federation.options.layers=6"]).adapterBytes() == fedIT)
    #expect(try await run("fedpruner", ["federation.options.layers=6"]).adapterBytes() == fedIT)
    #expect(
      try await run("top-growth", ["federation.options.growth_layers=[6]"]).adapterBytes() == fedIT
    )
  }

  @Test("growth from the top is top-layers while its first stage lasts; bytes follow the stages")
  func topGrowth() async throws {
    let stages = [
      "federation.options.growth_layers=[2, 6]", "federation.options.growth_rounds=[4, 2]",
    ]
    let (growing, fixed) = (
      try lines(try await run("top-growth", stages)),
      try lines(try await run("top-layers", ["federation.options.layers=2"]))
    )
    #expect(growing.prefix(4).map(\.held_out_loss) == fixed.prefix(4).map(\.held_out_loss))
    #expect(growing.prefix(4).contains { $0.held_out_loss != nil })
    #expect(growing[3].bytes.lora_up * 3 == growing[4].bytes.lora_up)
    #expect(growing[5].held_out_loss != fixed[5].held_out_loss)
  }

  @Test(
    "learn nearly the same over differences of 8 bits, for a quarter of the bytes",
    arguments: ["chainfed", "fedpruner", "random-layers"]
  )
  func narrowWire(method: String) async throws {
    let eight = ["network.uplink_format=int8", "network.downlink_format=int8"]
    let (wide, narrow) = (try await run(method), try await run(method, eight))
    func loss(_ run: TinyRun) throws -> Double {
      try #require(try run.metrics().last?.number("held_out_loss"))
    }
    #expect(try abs(loss(narrow) - loss(wide)) < 0.02)
    #expect(try narrow.adapterBytes() != wide.adapterBytes())
    let (few, many) = (try lines(narrow), try lines(wide))
    #expect(zip(few, many).allSatisfy { $0.layers == $1.layers || method == "fedpruner" })
    #expect(few[0].bytes.lora_up * 7 / 2 < many[0].bytes.lora_up)
  }

  @Test("devft plan shows what a round costs at most")
  func plan() async throws {
    let run = try TinyRun(stages: "null")
    func line(_ overrides: [String]) async throws -> String {
      let arguments = ["plan", run.configuration] + overrides.flatMap { ["--set", $0] }
      return try await Devft.expectSuccess(arguments).output
    }
    let all = try await line([])
    let two = try await line(["federation.method=top-layers", "federation.options.layers=2"])
    #expect(all != two)
    #expect(try await line(["federation.method=progfed"]) == all)
  }
}
