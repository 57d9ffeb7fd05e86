namespace Dlt.Aws;

/// <summary>A workgroup of Athena (docs/spec/aws-apis.md 2.9).</summary>
/// <param name="IsEnabled">False when it runs no queries.</param>
/// <param name="Enforces">True when its settings replace those of queries.</param>
/// <param name="OutputLocation">Where it writes results; null if it does not say.</param>
/// <param name="ManagesResults">True when it keeps results itself and refuses a location.</param>
internal sealed record WorkGroup(bool IsEnabled, bool Enforces, string? OutputLocation, bool ManagesResults)
{
    /// <summary>The workgroup of queries that name none.</summary>
    public const string Default = "primary";
}
