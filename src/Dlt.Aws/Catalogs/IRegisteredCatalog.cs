using System.ComponentModel;

namespace Dlt.Internal;

/// <summary>A catalog of tables behind a name that is registered in Athena, so that Glue may or may not serve it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IRegisteredCatalog
{
    /// <summary>Name in queries.</summary>
    string Name { get; }

    /// <summary>
    /// <c>HIVE</c> or <c>LAMBDA</c> for a catalog that only statements of Athena change; null when Glue serves it, and before the first
    /// call of the catalog.
    /// </summary>
    string? ForeignType { get; }

    /// <summary>Finds <see cref="ForeignType"/>. The service is asked once.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="Lake.AthenaQueryException">There is no catalog of this name, or the login may not read it.</exception>
    ValueTask<string?> FindForeignTypeAsync(CancellationToken cancellationToken = default);
}
