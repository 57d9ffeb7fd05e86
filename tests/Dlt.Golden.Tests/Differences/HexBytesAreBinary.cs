using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>Bytes that Python's web3 wrote as <c>0x…</c> are ordinary binary values; dlt has a class and a detection for them.</summary>
internal sealed class HexBytesAreBinary() : Difference("hex-bytes-are-binary")
{
    public override bool AppliesTo(GoldenCase golden) =>
        (golden.Is("types", "coerce") || golden.Is("types", "detect_value")) && GoldenJson.IsTyped(golden["input"]!, "hexbytes");

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        if (golden.Kind == "detect_value") return [golden.WithExpected(golden.Expected.With("hexbytes_to_text", JsonValue.Null))];
        var base64 = Convert.ToBase64String(Convert.FromHexString(GoldenJson.TextOf(golden["input"]!)[2..]));
        return [golden.WithExpected(golden.Expected.With("text", JsonValue.Object(("value", JsonValue.String(base64)))))];
    }
}
