namespace Dlt.Naming;

/// <summary>As <see cref="SqlCaseSensitive"/>, then lower-cased: <c>sql_ci_v1</c>.</summary>
internal sealed class SqlCaseInsensitive(int? maxLength) : SqlCaseSensitive(maxLength)
{
    public override string Name => "sql_ci_v1";

    public override bool IsCaseSensitive => false;

    protected override string Finish(string identifier) => identifier.ToLowerInvariant();
}
