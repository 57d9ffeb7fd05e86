namespace Dlt.Naming;

/// <summary>The convention <c>sql_ci_v1</c>: <see cref="SqlCaseSensitive"/> in lower case.</summary>
internal sealed class SqlCaseInsensitive(int? maxLength) : SqlCaseSensitive(maxLength)
{
    public override string Name => "sql_ci_v1";

    public override bool IsCaseSensitive => false;

    protected override string Finish(string identifier) => identifier.ToLowerInvariant();
}
