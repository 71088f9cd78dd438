import DevFTStages
import Foundation
import Testing

private func construction(_ json: String) throws -> StageConstruction {
  try JSONDecoder().decode(StageConstruction.self, from: Data(json.utf8))
}

@Suite("Stage construction")
struct ConstructionTests {
  @Test("the paper's recipe is what an empty mapping means")
  func paper() throws {
    let paper = StageConstruction(.paper)
    #expect(try construction("{}") == paper)
    #expect(paper.grouping.similarity == .all && paper.grouping.negative == .keep)
    #expect(paper.grouping.diagonal == .keep && paper.grouping.laplacian == .unnormalised)
    #expect(!paper.grouping.isRowNormalised && paper.grouping.contiguity == .none)
    #expect(paper.grouping.nesting == .fresh && paper.grouping.maximumGroupSize == nil)
    #expect(paper.fusion.kind == .dblf && paper.fusion.beta == 0.1 && !paper.fusion.isGuarded)
    #expect(paper.fusion.norms == .fuse && paper.fusion.adapter == .fuse)
  }

  @Test("parts beside a recipe win over it, and only they")
  func parts() throws {
    let read = try construction(
      """
      { "construction": "robust", "capacities": [4, 30],
        "grouping": { "contiguous": "none", "max_group_size": 6 },
        "fusion": { "kind": "dblf-rescaled", "beta": 0.15, "lora": "anchor" } }
      """
    )
    var expected = StageConstruction(.robust)
    expected.grouping.contiguity = .none
    expected.grouping.maximumGroupSize = 6
    expected.fusion.kind = .rescaled
    expected.fusion.beta = 0.15
    expected.fusion.adapter = .anchor
    #expect(read == expected)
    #expect(read.grouping.laplacian == .symmetric && read.fusion.isGuarded)
  }

  @Test("the example of the design reads as the paper's recipe")
  func example() throws {
    let read = try construction(
      """
      { "construction": "paper",
        "grouping": { "kind": "dglg", "laplacian": "unnormalised", "negative": "keep",
                      "contiguous": "none" },
        "fusion": { "kind": "dblf", "beta": 0.1 } }
      """
    )
    #expect(read == StageConstruction(.paper))
  }

  @Test(
    "a construction comes back from JSON as it was",
    arguments: StageConstruction.Recipe.allCases
  )
  func codable(recipe: StageConstruction.Recipe) throws {
    var changed = StageConstruction(recipe)
    changed.grouping.kind = .random
    changed.grouping.maximumGroupSize = 9
    changed.fusion.norms = .anchor
    changed.fusion.isGuarded.toggle()
    for value in [StageConstruction(recipe), changed] {
      let data = try JSONEncoder().encode(value)
      #expect(try JSONDecoder().decode(StageConstruction.self, from: data) == value)
    }
  }

  @Test("every key that is written is a key of the configuration")
  func keys() throws {
    let data = try JSONEncoder().encode(StageConstruction(.paper))
    let mapping = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let grouping = try #require(mapping?["grouping"] as? [String: Any])
    let fusion = try #require(mapping?["fusion"] as? [String: Any])
    #expect(Set(grouping.keys) == Set(LayerGrouping.configurationKeys))
    #expect(Set(fusion.keys) == Set(LayerFusion.configurationKeys))
  }

  @Test(
    "unknown names and numbers out of range are refused with the key named",
    arguments: [
      (#"{ "construction": "papr" }"#, "construction: expected one of paper, robust; got papr"),
      (#"{ "grouping": { "laplacian": "sym" } }"#, "grouping.laplacian: expected one of unnormal"),
      (#"{ "grouping": { "restarts": 0 } }"#, "grouping.restarts: expected at least 1, got 0"),
      (#"{ "grouping": { "max_group_size": 0 } }"#, "grouping.max_group_size: expected at least"),
      (#"{ "fusion": { "beta": 1.5 } }"#, "fusion.beta: expected a number from 0 to 1, got 1.5"),
    ]
  )
  func refusals(json: String, message: String) {
    let error = #expect(throws: StagesError.self) { try construction(json) }
    #expect(error?.code == .invalidOption)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }
}
