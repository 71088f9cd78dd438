import DevFTStages
import Foundation
import Testing

@Suite("Layer groups")
struct LayerGroupsTests {
  @Test("members and groups are put in order, whatever order they come in")
  func order() throws {
    let groups = try LayerGroups([[3, 2], [5], [4, 0, 1]])
    #expect(groups.members == [[0, 1, 4], [2, 3], [5]])
    #expect(groups.sizes == [3, 2, 1])
    #expect((0..<3).map(groups.anchor) == [0, 2, 5])
    #expect((0..<6).map(groups.group(of:)) == [0, 0, 1, 1, 0, 2])
    #expect(!groups.isContiguous)
    #expect(try LayerGroups([[2, 3], [0, 1], [4]]).isContiguous)
  }

  @Test(
    "what is no partition is refused",
    arguments: [[[0], []], [[0, 0]], [[0, 2]], [[1, 2]], [[0, 1], [1]], [[-1, 0]]]
  )
  func refusals(members: [[Int]]) {
    let error = #expect(throws: StagesError.self) { try LayerGroups(members) }
    #expect(error?.code == .invalidGroups)
  }

  @Test("groups come back from JSON as they were, and are checked there")
  func codable() throws {
    let groups = try LayerGroups([[0, 3], [1, 2]])
    let data = try JSONEncoder().encode(groups)
    #expect(String(decoding: data, as: UTF8.self) == "[[0,3],[1,2]]")
    #expect(try JSONDecoder().decode(LayerGroups.self, from: data) == groups)
    #expect(throws: StagesError.self) {
      try JSONDecoder().decode(LayerGroups.self, from: Data("[[0,2]]".utf8))
    }
  }

  @Test("a partition refines another when no group leaves its parent")
  func refinement() throws {
    let coarse = try LayerGroups([[0, 1, 2], [3, 4]])
    #expect(try LayerGroups([[0, 2], [1], [3, 4]]).refines(coarse))
    #expect(try !LayerGroups([[0, 3], [1, 2], [4]]).refines(coarse))
  }
}
