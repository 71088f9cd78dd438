import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Named tensors")
struct NamedTensorsTests {
  private let shapes = ["b": [2, 3], "a.10": [4], "a.9": [1], "Z": [2], "é": [5]]

  private var tensors: NamedTensors {
    NamedTensors(
      Dictionary(uniqueKeysWithValues: shapes.map { ($0.key, fixedTensor(shape: $0.value)) })
    )
  }

  @Test("are visited in the order of the names' UTF-8 bytes, however they were added")
  func order() {
    let names = ["Z", "a.10", "a.9", "b", "é"]
    #expect(tensors.names == names)
    var added = NamedTensors()
    for name in names.reversed() { added[name] = tensors[name] }
    #expect(added.names == names)
    #expect(added == tensors)
    var visited: [String] = []
    _ = tensors.map { name, tensor in
      visited.append(name)
      return tensor
    }
    #expect(visited == names)
  }

  @Test("count tensors and numbers")
  func counts() {
    #expect(tensors.count == 5)
    #expect(tensors.parameterCount == 6 + 4 + 1 + 2 + 5)
    #expect(NamedTensors().parameterCount == 0)
  }

  @Test("lose a tensor when nil is assigned and change in place")
  func changes() {
    var changed = tensors
    changed["b"] = nil
    #expect(changed.names == ["Z", "a.10", "a.9", "é"])
    #expect(changed["b"] == nil)
    changed["Z"]?.scale(by: 3)
    #expect(changed["Z"]?.elements == tensors["Z"]?.elements.map { 3 * $0 })
  }

  @Test("obey the laws of map: identity, and composition")
  func laws() {
    func doubled(_ name: String, _ tensor: Tensor) -> Tensor {
      Tensor(shape: tensor.shape, elements: tensor.elements.map { 2 * $0 })
    }
    func shifted(_ name: String, _ tensor: Tensor) -> Tensor {
      Tensor(shape: tensor.shape, elements: tensor.elements.map { $0 + Float(name.utf8.count) })
    }
    #expect(tensors.map { $1 } == tensors)
    let together = tensors.map { shifted($0, doubled($0, $1)) }
    #expect(tensors.map(doubled).map(shifted) == together)
    #expect(tensors.map(shifted).map(doubled) != together)
  }

  @Test("pass an error of map on")
  func errors() {
    #expect(throws: TensorError.self) {
      try tensors.map { name, _ in throw TensorError(.nonFinite, name) }
    }
  }
}
