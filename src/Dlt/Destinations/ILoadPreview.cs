namespace Dlt.Destinations;

/// <summary>
/// A client that says what a load would change, and changes nothing. The plan of a run without it shows only what the source brings.
/// </summary>
public interface ILoadPreview
{
    /// <summary>
    /// Decides what <see cref="IDestinationClient.PrepareAsync"/> would do, with the same checks. Later previews of the same client go on
    /// from there, as loads one after another do.
    /// </summary>
    /// <param name="plan">The load. The client was opened for a preview (<see cref="DestinationContext.PreviewFolder"/>).</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="DltException">The load would be refused.</exception>
    Task<LoadPreview> PreviewAsync(LoadPlan plan, CancellationToken cancellationToken = default);
}
