import DevFTFederation
import DevFTTensor
import Foundation
import Testing

@Suite("Selections of layers")
struct LayerSelectionTests {
  @Test("know the places of their layers in the client's submodel")
  func places() {
    let layers = LayerSelection(layerCount: 6, present: [5, 1, 4], trained: [5, 4])
    #expect(layers.present == [1, 4, 5] && layers.trained == [4, 5])
    #expect(layers.trainedPlaces == [1, 2] && layers.backwardLayerCount == 2)
    #expect(LayerSelection(layerCount: 6, present: [2, 0]).backwardLayerCount == 2)
    #expect(LayerSelection(layerCount: 6, trained: [0, 5]).backwardLayerCount == 6)
  }

  @Test("take the sets of their layers from a model's, and of a client's those it sends")
  func sets() {
    let adapter = fixedAdapter(layerCount: 4)
    let layers = LayerSelection(layerCount: 4, present: [0, 1, 3], trained: [0, 3])
    let present = layers.present(of: adapter)
    #expect(present == [adapter[0], adapter[1], adapter[3]])
    #expect(layers.trained(of: present) == [adapter[0], adapter[3]])
  }

  @Test("are written as plain lists and read back; what is none is refused")
  func codable() throws {
    let layers = LayerSelection(layerCount: 4, present: [0, 3], trained: [3])
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(layers)
    #expect(String(decoding: data, as: UTF8.self) == #"{"of":4,"present":[0,3],"trained":[3]}"#)
    #expect(try JSONDecoder().decode(LayerSelection.self, from: data) == layers)
    for text in [
      #"{"of":4,"present":[0,4],"trained":[0]}"#, #"{"of":4,"present":[0],"trained":[1]}"#,
      #"{"of":4,"present":[0],"trained":[]}"#, #"{"of":4,"present":[0]}"#,
    ] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(LayerSelection.self, from: Data(text.utf8))
      }
    }
  }
}
