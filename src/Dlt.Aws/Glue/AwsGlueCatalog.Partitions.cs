using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Dlt.Internal;
using Dlt.Lake;

namespace Dlt.Aws;

internal sealed partial class AwsGlueCatalog
{
    /// <summary>Partitions of one BatchGetPartition call (AWS Glue API).</summary>
    private const int MaxFound = 1000;

    /// <summary>Partitions of one BatchCreatePartition or BatchUpdatePartition call.</summary>
    private const int MaxWritten = 100;

    /// <summary>Partitions of one BatchDeletePartition call.</summary>
    private const int MaxDeleted = 25;

    public async IAsyncEnumerable<GluePartition> GetPartitionsAsync(
        string database, string table, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = OfTable(database, table);
        var found = new List<GluePartition>();
        while (await TryAsync("GetPartitions", $"the partitions of '{database}.{table}'", request, cancellationToken).ConfigureAwait(false)
            is { } page)
        {
            found.AddRange((page["Partitions"]?.Items ?? []).Select(Partition));
            if (page["NextToken"] is not { Kind: JsonKind.String } next) break;
            request = request.With("NextToken", next);
        }

        foreach (var partition in found.OrderBy(p => string.Join('\0', p.Values), StringComparer.Ordinal)) yield return partition;
    }

    public async Task<IReadOnlyList<GluePartition>> FindPartitionsAsync(
        string database, string table, IReadOnlyCollection<ImmutableArray<string>> values, CancellationToken cancellationToken = default)
    {
        var what = $"partitions of '{database}.{table}'";
        var found = new List<GluePartition>();
        var left = new Queue<JsonValue>(values.Select(Values));
        var fruitless = 0;
        while (left.Count > 0)
        {
            var some = new List<JsonValue>();
            while (some.Count < MaxFound && left.TryDequeue(out var one)) some.Add(one);
            var request = OfTable(database, table).With("PartitionsToGet", JsonValue.Array([.. some]));
            var answer = await CallAsync("BatchGetPartition", what, request, cancellationToken).ConfigureAwait(false);
            found.AddRange((answer["Partitions"]?.Items ?? []).Select(Partition));
            var unprocessed = answer["UnprocessedKeys"]?.Items ?? [];
            if (unprocessed.Length == 0) continue;
            foreach (var one in unprocessed) left.Enqueue(one);
            fruitless = unprocessed.Length < some.Count ? 0 : fruitless + 1;
            await WaitAsync(what, fruitless, unprocessed.Length, cancellationToken).ConfigureAwait(false);
        }

        return found;
    }

    /// <summary>Waits before partitions are asked for again that Glue had no time for.</summary>
    /// <param name="what">The partitions.</param>
    /// <param name="fruitless">Number of calls in a row that found the state of no partition.</param>
    /// <param name="count">Number of partitions that the last call left.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="GlueException">Glue was too busy for all attempts.</exception>
    private async Task WaitAsync(string what, int fruitless, int count, CancellationToken cancellationToken)
    {
        var attempts = RetryPolicy.Calls.Attempts;
        var failure = string.Create(CultureInfo.InvariantCulture, $"Glue left {count} {what} unread");
        if (fruitless == attempts)
        {
            throw new GlueException("UnprocessedKeys", string.Create(
                CultureInfo.InvariantCulture, $"{failure} {attempts} times, because it is too busy. Run again."))
            { IsTransient = true, WasRetried = true };
        }

        var attempt = Math.Max(1, fruitless);
        await client.Endpoint.Waits.WaitAsync(failure, attempt, attempts, RetryPolicy.Calls.Wait(attempt), cancellationToken)
            .ConfigureAwait(false);
    }

    public Task<IReadOnlyList<GluePartitionError>> CreatePartitionsAsync(
        string database, string table, IReadOnlyCollection<GluePartition> partitions, CancellationToken cancellationToken = default) =>
        BatchAsync("BatchCreatePartition", "PartitionInputList", MaxWritten, database, table, [.. partitions.Select(GlueJson.Write)],
            cancellationToken);

    public Task<IReadOnlyList<GluePartitionError>> UpdatePartitionsAsync(
        string database, string table, IReadOnlyCollection<GluePartition> partitions, CancellationToken cancellationToken = default) =>
        BatchAsync("BatchUpdatePartition", "Entries", MaxWritten, database, table,
            [.. partitions.Select(p => JsonValue.Object(("PartitionValueList", Texts(p.Values)), ("PartitionInput", GlueJson.Write(p))))],
            cancellationToken);

    public Task<IReadOnlyList<GluePartitionError>> DeletePartitionsAsync(
        string database, string table, IReadOnlyCollection<ImmutableArray<string>> values, CancellationToken cancellationToken = default) =>
        BatchAsync("BatchDeletePartition", "PartitionsToDelete", MaxDeleted, database, table, [.. values.Select(Values)],
            cancellationToken);

    /// <summary>Calls an operation that answers with the partitions that it could not process.</summary>
    private async Task<IReadOnlyList<GluePartitionError>> BatchAsync(
        string operation, string member, int size, string database, string table, JsonValue[] partitions,
        CancellationToken cancellationToken)
    {
        var errors = new List<GluePartitionError>();
        foreach (var some in partitions.Chunk(size))
        {
            var request = OfTable(database, table).With(member, JsonValue.Array([.. some]));
            var answer = await CallAsync(operation, $"partitions of '{database}.{table}'", request, cancellationToken)
                .ConfigureAwait(false);
            errors.AddRange((answer["Errors"]?.Items ?? []).Select(Error));
        }

        return errors;
    }

    private static GluePartitionError Error(JsonValue json)
    {
        var values = json["PartitionValues"] ?? json["PartitionValueList"];
        var detail = json["ErrorDetail"];
        return new(
            [.. (values?.Items ?? []).Select(v => v.AsString())],
            detail?["ErrorCode"] is { Kind: JsonKind.String } code ? code.AsString() : "InternalServiceException",
            detail?["ErrorMessage"] is { Kind: JsonKind.String } message ? message.AsString() : "Glue gave no reason.");
    }

    private GluePartition Partition(JsonValue json) =>
        AnswerMembers.Read(() => GlueJson.ReadPartition(json), "Partition", client.Endpoint.Name);

    private static JsonValue OfTable(string database, string table) =>
        JsonValue.Object(("DatabaseName", Lower(database)), ("TableName", Lower(table)));

    private static JsonValue Values(ImmutableArray<string> values) => JsonValue.Object(("Values", Texts(values)));

    private static JsonValue Texts(ImmutableArray<string> values) => JsonValue.Array([.. values.Select(JsonValue.String)]);
}
