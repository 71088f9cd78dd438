import DevFTFormats
import DevFTStages
import DevFTTensor
import Testing
import _DevFTTestSupport

@testable import DevFTRuntime

@Suite("Layers of a file with their adapter")
struct AdaptedLayersTests {
  @Test("shapes and rows are those of the whole parameters, of base and adapter")
  func rows() throws {
    let file = try openModelFile(at: TinyChat.model)
    let layers = try PEFTAdapter(directory: TinyChat.adapter).layers
    let source = AdaptedLayers(file, adapter: layers)
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
