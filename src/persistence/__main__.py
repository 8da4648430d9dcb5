"""``python -m src.persistence`` prepares the databases."""

from src.config import get_settings
from src.persistence import prepare

if __name__ == "__main__":
    prepare()
    print(f"Banco de dados pronto: {get_settings().resolved_database_url}")
