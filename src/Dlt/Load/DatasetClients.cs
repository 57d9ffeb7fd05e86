using System.Runtime.ExceptionServices;
using Dlt.Lake;

namespace Dlt.Load;

/// <summary>Open datasets of a run: one, or one per schema when <c>use_single_dataset</c> is off.</summary>
/// <param name="open">Opens a dataset.</param>
/// <param name="defaultName">The dataset of the default schema.</param>
internal sealed class DatasetClients(Func<string, RetryingClient> open, string defaultName) : IAsyncDisposable
{
    private readonly Dictionary<string, RetryingClient> _clients = new(StringComparer.Ordinal) { [defaultName] = open(defaultName) };

    /// <summary>The dataset that holds the state of the pipeline.</summary>
    public RetryingClient Default => _clients[defaultName];

    /// <summary>Returns the name of a schema's dataset; set when the pipeline's state is known.</summary>
    public Func<string, string> DatasetOf { get; set; } = _ => defaultName;

    /// <summary>Returns the dataset of a schema, and opens it on first use.</summary>
    public RetryingClient Of(string schema)
    {
        var dataset = DatasetOf(schema);
        lock (_clients) return _clients.TryGetValue(dataset, out var client) ? client : _clients[dataset] = open(dataset);
    }

    /// <summary>Name and places of the dataset of a schema.</summary>
    public PackageDataset PlaceOf(string schema)
    {
        var client = Of(schema);
        return new(DatasetOf(schema), client.Location, client.LocalFolder, client.QueryName);
    }

    /// <summary>Queries that all datasets have started.</summary>
    public QueryUsage Usage
    {
        get
        {
            lock (_clients) return QueryUsage.Sum(_clients.Values.Select(c => c.Usage));
        }
    }

    /// <summary>Returns the datasets of schemas other than the default one, each once.</summary>
    public List<RetryingClient> SeparateOf(IEnumerable<string> schemas) => [.. schemas.Select(Of).Where(c => c != Default).Distinct()];

    /// <summary>Closes all datasets, even when one fails to close; the first error is thrown at the end.</summary>
    public async ValueTask DisposeAsync()
    {
        ExceptionDispatchInfo? failure = null;
        foreach (var client in _clients.Values)
        {
            try
            {
                await client.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception error)
            {
                failure ??= ExceptionDispatchInfo.Capture(error);
            }
        }

        failure?.Throw();
    }
}
