import DevFTStages
import DevFTTensor
import Testing
import _DevFTTestSupport

/// A source that answers with one layer's parameter in another shape, or not at all.
private struct BrokenLayers: LayerSource {
  let whole: LayersInMemory
  let layerCount = 3
  var parameterNames: [String] { whole.parameterNames }
  func shape(of name: String) throws -> [Int] { try whole.shape(of: name) }
  func parameter(_ name: String, layer: Int) throws -> Tensor {
    let tensor = try whole.parameter(name, layer: layer)
    return layer == 2 ? tensor.reshaped(to: [tensor.count]) : tensor
  }
  func rows(_ rows: Range<Int>, of name: String, layer: Int) throws -> Tensor {
    guard layer != 1 else { throw StagesError(.missingParameter, "rows \(rows) are not there") }
    return try whole.rows(rows, of: name, layer: layer)
  }
}

@Suite("Reading and fusing ranges of rows")
struct RowRangeTests {
  private let group = [0, 2, 3]

  @Test(
    "parts joined are the whole, bit for bit, for every kind and length",
    arguments: LayerFusion.Kind.allCases,
    [1, 100, 187, 503, 1000]
  )
  func parts(kind: LayerFusion.Kind, rowsPerPart: Int) throws {
    let source = try LayersInMemory((0..<4).map(tallLayer))
    var fusion = LayerFusion()
    fusion.kind = kind
    for group in [group, [1]] {
      for name in source.parameterNames {
        let whole = try fusion.fuse(group: group, source: source, name: name)
        var (joined, next): ([Float], Int) = ([], 0)
        try fusion.fuse(group: group, source: source, name: name, rowsPerPart: rowsPerPart) {
          rows,
          part in
          #expect(rows.lowerBound == next && part.shape == [rows.count] + whole.shape.dropFirst())
          #expect(whole.shape.count == 1 || rows.count <= rowsPerPart)
          next = rows.upperBound
          joined += part.elements
        }
        #expect(next == whole.shape[0] && joined == whole.elements, "\(name)")
      }
    }
  }

  @Test("the whole is the weighted sum in float64, number by number")
  func plainSum() throws {
    let layers = (0..<4).map(tallLayer)
    let fusion = LayerFusion()
    let weights = fusion.coefficients(groupSize: group.count)
    let fused = try fusion.representative(of: group, source: LayersInMemory(layers))
    for name in fused.names {
      let terms = try group.map { try #require(layers[$0][name]).elements }
      let expected = terms[0].indices.map { index in
        var sum = weights[0] * Double(terms[0][index])
        for member in 1..<3 { sum += weights[member] * Double(terms[member][index]) }
        return Float(sum)
      }
      #expect(fused[name]?.elements == expected, "\(name)")
    }
  }

  @Test("fusion does not depend on the number of threads", arguments: LayerFusion.Kind.allCases)
  func threads(kind: LayerFusion.Kind) throws {
    let source = try LayersInMemory((0..<4).map(tallLayer))
    var fusion = LayerFusion()
    fusion.kind = kind
    let alone = try withThreads(1) { try fusion.representative(of: group, source: source) }
    #expect(try withThreads(2) { try fusion.representative(of: group, source: source) } == alone)
  }

  @Test("a row range is cut from the whole")
  func rows() throws {
    let source = try LayersInMemory((0..<2).map(tallLayer))
    let name = "proj.lora_B.weight"
    let whole = try source.parameter(name, layer: 1)
    #expect(try source.shape(of: name) == [503, 4])
    #expect(try source.rows(0..<503, of: name, layer: 1) == whole)
    let part = try source.rows(7..<9, of: name, layer: 1)
    #expect(part == Tensor(shape: [2, 4], elements: Array(whole.elements[28..<36])))
    #expect(throws: StagesError.self) { try source.shape(of: "b") }
  }

  @Test("a layer that cannot be read, or has another shape, is refused")
  func refusals() throws {
    let source = BrokenLayers(whole: try LayersInMemory((0..<3).map(tallLayer)))
    func code(_ group: [Int], _ name: String) -> StagesError.Code? {
      let error = #expect(throws: StagesError.self) {
        try LayerFusion().fuse(group: group, source: source, name: name)
      }
      return error?.code
    }
    #expect(code([0, 1], "proj.weight") == .missingParameter)
    #expect(code([0, 2], "proj.lora_A.weight") == .layersDiffer)
    let error = #expect(throws: StagesError.self) { try SimilarityMatrix(of: source) }
    #expect(error?.code == .layersDiffer)
  }

  @Test("a body that throws ends the fusion")
  func bodyThrows() throws {
    let source = try LayersInMemory((0..<2).map(tallLayer))
    var calls = 0
    #expect(throws: CancellationError.self) {
      try LayerFusion().fuse(group: [0, 1], source: source, name: "proj.weight", rowsPerPart: 9) {
        _,
        _ in
        calls += 1
        if calls == 2 { throw CancellationError() }
      }
    }
    #expect(calls == 2)
  }
}
