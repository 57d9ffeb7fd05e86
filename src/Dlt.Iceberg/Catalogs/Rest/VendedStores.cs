using System.Collections.Immutable;
using System.Globalization;
using Dlt.Storage;

namespace Dlt.Iceberg;

/// <summary>Opens object stores with the credentials that a server vends. Tables with the same configuration share a store. The catalog
/// disposes this object.</summary>
/// <param name="open">Opens a store for a configuration; null when files are on a disk.</param>
internal sealed class VendedStores(Func<IReadOnlyDictionary<string, string>, IObjectStore>? open) : IDisposable
{
    private const string EndMs = "s3.session-token-expires-at-ms";

    private readonly Dictionary<string, IObjectStore> _stores = new(StringComparer.Ordinal);

    /// <summary>Returns the time when credentials expire; null when the configuration does not contain it.</summary>
    public static DateTimeOffset? EndOf(ImmutableDictionary<string, string> config) =>
        config.TryGetValue(EndMs, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            && ms < 253_402_300_800_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    /// <summary>Returns the store of a configuration, and opens it at first use.</summary>
    public IObjectStore Of(ImmutableDictionary<string, string> config)
    {
        var key = string.Join('\n', config.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}"));
        lock (_stores) return _stores.TryGetValue(key, out var store) ? store : _stores[key] = open!(config);
    }

    /// <summary>Closes all stores.</summary>
    public void Dispose()
    {
        lock (_stores)
        {
            foreach (var store in _stores.Values.OfType<IDisposable>()) store.Dispose();
            _stores.Clear();
        }
    }
}
