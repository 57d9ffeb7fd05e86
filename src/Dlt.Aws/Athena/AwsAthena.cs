using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Dlt.Lake;

namespace Dlt.Aws;

/// <summary>
/// Runs queries on Amazon Athena: starts them, polls their state, reads pages of rows (docs/spec/aws-apis.md 1.6, 2.3 to 2.6).
/// </summary>
internal sealed class AwsAthena(
    AthenaClient client, string? resultBucket, string? workGroup, string catalog, QueryOptions? options = null) : IAthena
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(2);

    private readonly QueryOptions _options = options ?? new();
    private QueryStates? _states;

    public async Task<string> StartAsync(AthenaQuery query, CancellationToken cancellationToken = default)
    {
        var context = JsonValue.Object(("Catalog", JsonValue.String(query.Catalog ?? catalog)));
        if (query.Database is { } database) context = context.With("Database", JsonValue.String(database));
        var request = JsonValue.Object(
            ("QueryString", JsonValue.String(query.Sql)),
            ("ClientRequestToken", JsonValue.String(Guid.NewGuid().ToString())),
            ("QueryExecutionContext", context));
        if (_options.ResultConfiguration(resultBucket) is { } result) request = request.With("ResultConfiguration", result);
        if (_options.ResultReuseConfiguration() is { } reuse) request = request.With("ResultReuseConfiguration", reuse);
        if (workGroup is not null) request = request.With("WorkGroup", JsonValue.String(workGroup));
        var started = await CallAsync("StartQueryExecution", request, cancellationToken).ConfigureAwait(false);
        return started.Text("QueryExecutionId", "Athena to StartQueryExecution");
    }

    public async Task<QueryStatistics> WaitAsync(string queryExecutionId, CancellationToken cancellationToken = default)
    {
        for (var delay = FirstPoll; ; delay = delay * 1.5 < LongestPoll ? delay * 1.5 : LongestPoll)
        {
            await Task.Delay(_options.PollInterval ?? delay, client.Endpoint.Waits.Time, cancellationToken).ConfigureAwait(false);
            if (await FindAsync(queryExecutionId, cancellationToken).ConfigureAwait(false) is not { } query) continue;
            switch (QueryStates.StatusOf(query).Text("State", QueryStates.Call))
            {
                case "SUCCEEDED":
                    return QueryReading.Of(query);
                case "FAILED" or "CANCELLED":
                    throw QueryFailure.Of(query, queryExecutionId);
            }
        }
    }

    public async Task<IAthenaResult> OpenResultAsync(string queryExecutionId, CancellationToken cancellationToken = default) =>
        await Result.OpenAsync(this, queryExecutionId, cancellationToken).ConfigureAwait(false);

    public Task StopAsync(string queryExecutionId, CancellationToken cancellationToken = default) =>
        CallAsync("StopQueryExecution", IdOf(queryExecutionId), cancellationToken);

    /// <summary>Reads a data catalog that is registered in Athena.</summary>
    /// <exception cref="AthenaQueryException">There is none of this name, or the login may not read it.</exception>
    public async Task<DataCatalog> GetDataCatalogAsync(string name, CancellationToken cancellationToken = default)
    {
        var request = JsonValue.Object(("Name", JsonValue.String(name)));
        if (workGroup is not null) request = request.With("WorkGroup", JsonValue.String(workGroup));
        var answer = await CallAsync("GetDataCatalog", request, cancellationToken).ConfigureAwait(false);
        var found = answer["DataCatalog"] ?? throw UnknownNames.NoDataCatalog(name);
        return DataCatalog.Read(name, found);
    }

    /// <summary>Reads a workgroup.</summary>
    /// <exception cref="AthenaQueryException">There is none of this name, or the login may not read it.</exception>
    public async Task<WorkGroup> GetWorkGroupAsync(string name, CancellationToken cancellationToken = default)
    {
        var request = JsonValue.Object(("WorkGroup", JsonValue.String(name)));
        var answer = await CallAsync("GetWorkGroup", request, cancellationToken).ConfigureAwait(false);
        var found = answer["WorkGroup"] ?? throw UnknownNames.NoWorkGroup(name);
        var settings = found["Configuration"];
        return new(
            found["State"]?.AsString() != "DISABLED",
            settings?["EnforceWorkGroupConfiguration"] is { Kind: JsonKind.True },
            settings?["ResultConfiguration"]?["OutputLocation"] is { Kind: JsonKind.String } place ? place.AsString() : null,
            settings?["ManagedQueryResultsConfiguration"]?["Enabled"] is { Kind: JsonKind.True });
    }

    private static JsonValue IdOf(string queryExecutionId) => JsonValue.Object(("QueryExecutionId", JsonValue.String(queryExecutionId)));

    /// <summary>A query with its state; null if the service is too busy to say it, so that the query is asked about later.</summary>
    private async Task<JsonValue?> FindAsync(string queryExecutionId, CancellationToken cancellationToken)
    {
        try
        {
            var states = LazyInitializer.EnsureInitialized(ref _states, () => new QueryStates(CallAsync));
            return await states.GetAsync(queryExecutionId, cancellationToken).ConfigureAwait(false);
        }
        catch (AthenaQueryException error) when (AwsErrors.IsThrottling(error.ErrorName))
        {
            return null;
        }
    }

    private Task<JsonValue> CallAsync(string operation, JsonValue request, CancellationToken cancellationToken) => AwsCall.RunAsync(
        client.Endpoint,
        operation,
        () => client.InvokeAsync(operation, request, isSentOnce: false, cancellationToken),
        error => AwsCall.Athena(error, operation, request),
        cancellationToken);

    private sealed class Result(AwsAthena athena, string id, JsonValue firstPage, ImmutableArray<AthenaColumn> columns, bool hasHeader)
        : IAthenaResult
    {
        public string QueryExecutionId => id;

        public ImmutableArray<AthenaColumn> Columns => columns;

        public long? UpdateCount => firstPage["UpdateCount"] is { Kind: JsonKind.Integer } count ? count.AsInt64() : null;

        public static async Task<Result> OpenAsync(AwsAthena athena, string id, CancellationToken cancellationToken)
        {
            var page = await athena.CallAsync("GetQueryResults", IdOf(id), cancellationToken).ConfigureAwait(false);
            var set = page["ResultSet"] ?? JsonValue.EmptyObject;
            var info = set["ResultSetMetadata"]?["ColumnInfo"] is { Kind: JsonKind.Array } list ? list.Items : [];
            const string call = "Athena to GetQueryResults";
            ImmutableArray<AthenaColumn> columns =
                [.. info.Select(c => new AthenaColumn(c.Text("Name", call), c.Text("Type", call)))];
            // The first row of a SELECT has the names of the columns.
            var first = set["Rows"] is { Kind: JsonKind.Array, Items: [var row, ..] } ? Cells(row) : [];
            var hasHeader = columns.Length > 0 && first.SequenceEqual(columns.Select(c => (string?)c.Name));
            return new(athena, id, page, columns, hasHeader);
        }

        public async IAsyncEnumerable<ImmutableArray<string?>> ReadRowsAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var skip = hasHeader;
            for (var page = firstPage; ;)
            {
                foreach (var row in page["ResultSet"]?["Rows"]?.Items ?? [])
                {
                    if (skip)
                    {
                        skip = false;
                        continue;
                    }

                    yield return Cells(row);
                }

                if (page["NextToken"] is not { Kind: JsonKind.String } next) yield break;
                page = await athena.CallAsync("GetQueryResults", IdOf(id).With("NextToken", next), cancellationToken).ConfigureAwait(false);
            }
        }

        public ValueTask DisposeAsync() => default;

        private static ImmutableArray<string?> Cells(JsonValue row) =>
            [.. (row["Data"]?.Items ?? []).Select(d => d["VarCharValue"] is { Kind: JsonKind.String } text ? text.AsString() : null)];
    }
}
