// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]
/// Settings of the modules that touch pointers: every such call carries the word `unsafe`.
let pointers = house + [.strictMemorySafety()]

let package = Package(
  name: "devft",
  products: [
    .executable(name: "devft", targets: ["devft"]),
    .library(name: "DevFT", targets: ["DevFTRuntime"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C and system libraries
    .target(name: "CDevFTKernels", cSettings: [.unsafeFlags(["-O3"])]),
    .target(
      name: "COneDNN",
      dependencies: ["CDevFTKernels"],
      linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp")]
    ),
    .systemLibrary(
      name: "CLAPACKE",
      providers: [.apt(["liblapacke-dev"])]
    ),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    // The library, bottom up
    .target(
      name: "DevFTTensor",
      dependencies: ["CDevFTKernels", "COneDNN"],
      swiftSettings: pointers
    ),
    .target(
      name: "DevFTFormats",
      dependencies: ["DevFTTensor", "CDevFTKernels", "CZlib"],
      swiftSettings: pointers
    ),
    .target(
      name: "DevFTModel",
      dependencies: ["DevFTFormats", "DevFTTensor"],
      swiftSettings: house
    ),
    .target(
      name: "DevFTTraining",
      dependencies: ["DevFTModel", "DevFTFormats", "DevFTTensor"],
      swiftSettings: house
    ),
    .target(
      name: "DevFTStages",
      dependencies: ["DevFTTensor", "CLAPACKE"],
      swiftSettings: pointers
    ),
    .target(
      name: "DevFTFederation",
      dependencies: ["DevFTTensor", "CLAPACKE"],
      swiftSettings: pointers
    ),
    .target(
      name: "DevFTEvaluation",
      dependencies: ["DevFTModel", "DevFTFormats", "DevFTTensor"],
      swiftSettings: house
    ),
    .target(
      name: "DevFTRuntime",
      dependencies: [
        "DevFTEvaluation", "DevFTFederation", "DevFTStages", "DevFTTraining", "DevFTModel",
        "DevFTFormats", "DevFTTensor",
        .product(name: "Yams", package: "Yams"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: house
    ),
    .executableTarget(
      name: "devft",
      dependencies: [
        "DevFTRuntime", "DevFTEvaluation", "DevFTFederation", "DevFTStages", "DevFTTraining",
        "DevFTModel", "DevFTFormats", "DevFTTensor",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house
    ),
    // Tests
    .target(
      name: "_DevFTTestSupport",
      dependencies: ["DevFTFederation", "DevFTModel", "DevFTFormats", "DevFTTensor"],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTTensorTests",
      dependencies: ["DevFTTensor", "CDevFTKernels", "_DevFTTestSupport"],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTFormatsTests",
      dependencies: ["DevFTFormats", "DevFTTensor", "_DevFTTestSupport"],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTModelTests",
      dependencies: ["DevFTModel", "DevFTFormats", "DevFTTensor", "_DevFTTestSupport"],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTTrainingTests",
      dependencies: [
        "DevFTTraining", "DevFTModel", "DevFTFormats", "DevFTTensor", "_DevFTTestSupport",
      ],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTStagesTests",
      dependencies: ["DevFTStages", "DevFTTensor", "_DevFTTestSupport"],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTFederationTests",
      dependencies: ["DevFTFederation", "DevFTTraining", "DevFTTensor", "_DevFTTestSupport"],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTEvaluationTests",
      dependencies: [
        "DevFTEvaluation", "DevFTTraining", "DevFTModel", "DevFTFormats", "DevFTTensor",
        "_DevFTTestSupport",
      ],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTRuntimeTests",
      dependencies: [
        "DevFTRuntime", "DevFTFederation", "DevFTStages", "DevFTModel", "DevFTFormats",
        "DevFTTensor",
        "_DevFTTestSupport",
      ],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTEndToEndTests",
      // The program itself, so that it is built before the tests run it.
      dependencies: ["devft", "DevFTFormats", "DevFTTensor", "_DevFTTestSupport"],
      swiftSettings: house
    ),
  ],
  cLanguageStandard: .gnu17
)
