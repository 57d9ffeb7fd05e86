using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Dlt.Lake;

namespace Dlt.Golden.Athena;

/// <summary>Answers statements that change rows, which the local Athena does not run, with the rows that dlt's have changed.</summary>
internal sealed partial class MergeAnswers(IAthena athena) : IAthena
{
    private readonly ConcurrentDictionary<string, long?> _answers = new(StringComparer.Ordinal);

    /// <summary>Returns the changed rows of a statement; null when they are not known.</summary>
    public Func<string, long?> RowsOf { get; set; } = _ => null;

    public Task<string> StartAsync(AthenaQuery query, CancellationToken cancellationToken = default)
    {
        if (!Changes().IsMatch(query.Sql)) return athena.StartAsync(query, cancellationToken);
        var id = Guid.NewGuid().ToString();
        _answers[id] = RowsOf(query.Sql);
        return Task.FromResult(id);
    }

    public Task<QueryStatistics> WaitAsync(string queryExecutionId, CancellationToken cancellationToken = default) =>
        _answers.ContainsKey(queryExecutionId)
            ? Task.FromResult(new QueryStatistics(BytesScanned: 0, IsBilled: false))
            : athena.WaitAsync(queryExecutionId, cancellationToken);

    public Task<IAthenaResult> OpenResultAsync(string queryExecutionId, CancellationToken cancellationToken = default) =>
        _answers.TryGetValue(queryExecutionId, out var rows)
            ? Task.FromResult<IAthenaResult>(new Answer(queryExecutionId, rows))
            : athena.OpenResultAsync(queryExecutionId, cancellationToken);

    public Task StopAsync(string queryExecutionId, CancellationToken cancellationToken = default) =>
        _answers.ContainsKey(queryExecutionId) ? Task.CompletedTask : athena.StopAsync(queryExecutionId, cancellationToken);

    [GeneratedRegex("^(?:MERGE|UPDATE|DELETE|INSERT|CREATE TABLE \")")]
    private static partial Regex Changes();

    private sealed record Answer(string QueryExecutionId, long? UpdateCount) : IAthenaResult
    {
        public ImmutableArray<AthenaColumn> Columns => [];

        public IAsyncEnumerable<ImmutableArray<string?>> ReadRowsAsync(CancellationToken cancellationToken = default) =>
            AsyncEnumerable.Empty<ImmutableArray<string?>>();

        public ValueTask DisposeAsync() => default;
    }
}
