import DevFTFormats
import DevFTStages
import DevFTTensor
import Testing
import _DevFTTestSupport

@testable import DevFTRuntime

@Suite("Layers of a file with their adapter")
struct AdaptedLayersTests {
  @Test(
    "shapes and rows are those of the whole parameters, of base and adapter, merged or not",
    arguments: [Float(0), 0.5]
  )
  func rows(scale: Float) throws {
    let file = try openModelFile(at: TinyChat.model)
    let layers = try PEFTAdapter(directory: TinyChat.adapter).layers
    let merged = MergedFactors(layers: layers, scale: scale)
    let source = AdaptedLayers(file, adapter: layers, merged: merged)
    let bare = AdaptedLayers(file, adapter: layers)
    for (name, isMerged) in [("self_attn.q_proj.weight", true), ("input_layernorm.weight", false)] {
      let same = try source.parameter(name, layer: 1) == bare.parameter(name, layer: 1)
      #expect(same == (scale == 0 || !isMerged))
    }
    #expect(source.parameterNames.contains { $0.contains("lora_") })
    for name in source.parameterNames {
      for layer in 0..<source.layerCount {
        let whole = try source.parameter(name, layer: layer)
        #expect(try source.shape(of: name) == whole.shape, "\(name)")
        guard whole.shape.count == 2 else { continue }
        let rows = 1..<whole.shape[0] - 1
        let numbers = whole.elements[whole.shape[1]..<rows.upperBound * whole.shape[1]]
        let expected = Tensor(shape: [rows.count, whole.shape[1]], elements: Array(numbers))
        #expect(try source.rows(rows, of: name, layer: layer) == expected, "\(name)")
      }
    }
    #expect(throws: StagesError.self) { try source.shape(of: "b") }
  }
}
