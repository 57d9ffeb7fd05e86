using System.Text.RegularExpressions;
using Dlt.Lake;

namespace Dlt.Golden.Athena;

/// <summary>Runs statements for any data catalog in the only one that a local account has.</summary>
internal sealed partial class AnyCatalogAthena(IAthena athena) : IAthena
{
    public Task<string> StartAsync(AthenaQuery query, CancellationToken cancellationToken = default) =>
        athena.StartAsync(query with { Sql = Catalog().Replace(query.Sql, "`awsdatacatalog`.", 1) }, cancellationToken);

    public Task<QueryStatistics> WaitAsync(string queryExecutionId, CancellationToken cancellationToken = default) =>
        athena.WaitAsync(queryExecutionId, cancellationToken);

    public Task<IAthenaResult> OpenResultAsync(string queryExecutionId, CancellationToken cancellationToken = default) =>
        athena.OpenResultAsync(queryExecutionId, cancellationToken);

    public Task StopAsync(string queryExecutionId, CancellationToken cancellationToken = default) =>
        athena.StopAsync(queryExecutionId, cancellationToken);

    [GeneratedRegex("`[^`]+`\\.")]
    private static partial Regex Catalog();
}
