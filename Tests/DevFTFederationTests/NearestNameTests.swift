import DevFTFederation
import Testing

@Suite("Nearest name")
struct NearestNameTests {
  @Test(
    "is the one with fewest edits, or none when nothing is near",
    arguments: [
      ("fedti", "fedit"), ("FedIT", "fedit"), ("localonly", "local-only"),
      ("centralized", "centralised"), ("", nil), ("zzzzzz", nil),
    ] as [(String, String?)]
  )
  func nearest(_ text: String, expected: String?) {
    #expect(nearestName(to: text, among: ["fedit", "centralised", "local-only"]) == expected)
  }
}
