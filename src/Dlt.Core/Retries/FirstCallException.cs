namespace Dlt.Retries;

/// <summary>
/// A service that has never answered could not be reached: more likely the address is wrong than the network bad. The call was tried as
/// often as that deserves, so no step around it tries again.
/// </summary>
internal sealed class FirstCallException : DltException
{
    public FirstCallException(string message, Exception? innerException) : base(message, innerException) => WasRetried = true;
}
