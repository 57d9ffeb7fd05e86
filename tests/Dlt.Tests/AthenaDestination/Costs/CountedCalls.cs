using System.Collections.Concurrent;
using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Costs;

/// <summary>Counts the calls that a machine makes to the services of an account.</summary>
internal sealed class CountedCalls
{
    private readonly ConcurrentQueue<string> _calls = new();

    /// <param name="account">The account.</param>
    /// <param name="pipelines">Folder of the working folders; null for that of the account.</param>
    public CountedCalls(LocalAthena account, string? pipelines = null) =>
        Machine = new(account, pipelines, Watch("glue", account.Glue), Watch("s3", account.Objects), Watch("athena", account.Athena));

    /// <summary>A machine whose calls are counted.</summary>
    public Machine Machine { get; }

    /// <summary>Number of calls of Glue.</summary>
    public int Glue => Count("glue.");

    /// <summary>Number of calls of S3 without the uploads of data files.</summary>
    public int S3 => Count("s3.") - Uploads;

    /// <summary>Number of data files that were uploaded.</summary>
    public int Uploads => Of("s3.Upload");

    /// <summary>Number of calls of Athena.</summary>
    public int Athena => Count("athena.");

    /// <summary>Number of calls of one operation, such as <c>s3.Get</c>.</summary>
    public int Of(string operation) => _calls.Count(c => c == operation);

    /// <summary>Forgets the calls so far.</summary>
    public void Reset() => _calls.Clear();

    /// <summary>Lists the operations with their number.</summary>
    public override string ToString() => string.Join(
        ", ", _calls.GroupBy(c => c).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Count()}"));

    private int Count(string service) => _calls.Count(c => c.StartsWith(service, StringComparison.Ordinal));

    private T Watch<T>(string service, T inner) where T : class => Steps.Intercept(inner, (method, call) =>
    {
        if (!method.StartsWith("get_", StringComparison.Ordinal))
            _calls.Enqueue($"{service}.{method.Replace("Async", "", StringComparison.Ordinal)}");
        return call();
    });
}
