namespace Dlt.Retries;

/// <summary>
/// Thrown when a service that has never answered cannot be reached. A wrong address is more likely than a bad network, and the call used up
/// its attempts, so no step around it retries.
/// </summary>
internal sealed class FirstCallException : DltException
{
    public FirstCallException(string message, Exception? innerException) : base(message, innerException) => WasRetried = true;
}
